// Numbers on cells: a tile in the plane with digits from an atlas of distances; docs/drawing.md, "Numbers".
uniform sampler2D uAtlas;
uniform highp usampler2D uCodes;  // two texels a cell, from (column, row) uCodesFrom of the node on
uniform ivec2 uCodesFrom;
uniform float uEm;
uniform float uLeast;
uniform float uPull;
uniform vec2 uCentre;     // the middle of the whole face
uniform vec3 uRing;
uniform float uAdvance[SIGNS];

uvec4 codesOf(ivec2 cell, int part) {
  ivec2 at = cell + ivec2(uStart);
  at = (uSwap ? at.yx : at) - uCodesFrom;
  ivec2 size = textureSize(uCodes, 0);
  at = ivec2(2 * at.x + part, at.y);
  if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, size))) return uvec4(0u);
  return texelFetch(uCodes, at, 0);
}

float clarity(ivec2 cell) {
  if (codesOf(cell, 0).x == 0u) return 0.0;
  vec3 v = vec3(mix(vec2(cell) + 0.5, uCentre, uPull), 0.0) - uEye;
  float away = max(length(v), 1e-9);
  float cosine = abs(uEye.z) / away;
  float size = sqrt(cosine) / (away * uPixel * uZoom);
  return clamp((size / uLeast - 1.0) / FADE_IN, 0.0, 1.0) * smoothstep(OBLIQUE_NEAR, OBLIQUE_FAR, cosine);
}

// Coverage of a rounded square by a pixel of this extent.
float square(vec2 offset, vec2 extent, float halfSide) {
  vec2 beyond = max(abs(offset) - (halfSide - ROUND), 0.0);
  float away = length(beyond);
  float width = max(length(beyond / max(away, 1e-9) * extent), 1e-6);
  return clamp(0.5 - (away - ROUND) / width, 0.0, 1.0);
}

float digits(ivec2 cell, vec2 offset, vec2 extent) {
  uvec4 first = codesOf(cell, 0);
  uvec4 last = codesOf(cell, 1);
  uint codes[8] = uint[8](first.x, first.y, first.z, first.w, last.x, last.y, last.z, last.w);
  float width = 0.0;
  for (int n = 0; n < 8; n++) width += uAdvance[codes[n]];
  float em = min(uEm, ROOM / max(width, 0.1));
  vec2 p = uReading * offset / em + vec2(0.5 * width, CAP / 200.0 - TOP / 100.0);
  vec2 texel = p * TEXELS;
  float soft = clamp(sqrt(extent.x * extent.y) / em * 50.0 / SPREAD, 1e-6, 1.0);
  if (texel.y < 0.5 || texel.y >= HIGH - 0.5) return 0.0;
  float start = 0.0;
  for (int n = 0; n < 8; n++) {
    float advance = uAdvance[codes[n]];
    if (p.x >= start && p.x < start + advance) {
      float u = clamp((p.x - start) * TEXELS, 0.5, WIDE - 0.5) + WIDE * float(int(codes[n]) - 1);
      float level = textureLod(uAtlas, vec2(u, texel.y) / vec2(textureSize(uAtlas, 0)), 0.0).r;
      return clamp((level - 0.5) / soft + 0.5, 0.0, 1.0);
    }
    start += advance;
  }
  return 0.0;
}

// The tile over a point of the plane; premultiplied.
vec4 numberAt(vec2 p, vec2 extent) {
  ivec2 cell = ivec2(p);
  float clear = clarity(cell);
  if (clear <= 0.0) return vec4(0.0);
  vec2 offset = p - vec2(cell) - 0.5;
  vec4 ink = texelFetch(uInk, toTexel(cell), 0);
  vec3 full = ink.r > 0.0 ? uFull[1] : uFull[0];
#ifdef FLAGS
  uint flag = texelFetch(uFlags, toTexel(cell), 0).r;
  if (flag != 0u) {
    full = uFlagColours[min(flag, 3u) - 1u];
    ink = vec4(1.0);
  }
#endif
  float light = lightOf(cell);
  float share = light * (TILE_LEAST + TILE_MORE * pow(max(ink.g, 1e-9), TILE_POWER));
  vec3 under = ink.a > 0.0 ? mix(uPlate, full, share) : uPlate;
  under *= under;
  float alpha = square(offset, extent, HALF);
  float luminance = dot(under, vec3(0.2126, 0.7152, 0.0722));
  bool dark = luminance < DARK;
  float least = dark ? min(CONTRAST * (luminance + 0.05) - 0.05, 1.0) : max((luminance + 0.05) / CONTRAST - 0.05, 0.0);
  float grey = mix(least, dark ? 1.0 : 0.0, light);
  float text = digits(cell, offset, extent);
  vec3 colour = ink.a > 0.0 ? under : mix(uRing, uPlate * uPlate, square(offset, extent, HALF - RING));
  return clear * vec4(colour * alpha * (1.0 - text) + grey * text, alpha + text - alpha * text);
}

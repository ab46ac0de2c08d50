// One face: its plate, near by the dots of its cells, far away their ink, and shapes over NaN and infinities.
uniform vec3 uMasked;
uniform float uOpacity;
uniform float uPad;       // of the plate about its cells
uniform vec4 uGrid;       // period and length of its blocks, along x and along y
uniform vec2 uWhole;      // columns and rows of the whole face
uniform vec2 uFrom;       // displayed (column, row) of the whole face where this part of it begins

// Share of a pixel's extent about x that lies on the nearest block of the plate, and on this part of it.
float onPlate(float x, float extent, float size, vec2 grid, float whole, float from) {
  float last = max(ceil(whole / max(grid.x, 1.0)) - 1.0, 0.0);
  float block = clamp(floor((x + from + 0.5 * (grid.x - grid.y)) / max(grid.x, 1.0)), 0.0, last) * grid.x - from;
  float low = max(block, 0.0) - uPad;
  float high = min(min(block + grid.y, whole - from), size) + uPad;
  return max(min(x + 0.5 * extent, high) - max(x - 0.5 * extent, low), 0.0) / extent;
}

#ifdef NEAR
// Coverage of a disc about the origin; one smaller than a pixel keeps its area.
float disc(float radius, vec2 offset, vec2 extent) {
  float away = length(offset);
  float pixel = away < 1e-4 ? sqrt(extent.x * extent.y) : max(length(offset / max(away, 1e-6) * extent), 1e-9);
  float drawn = max(radius, 0.5 * pixel);
  float ramp = clamp((drawn - away) / pixel + 0.5, 0.0, 1.0);
  return ramp * radius * radius / (drawn * drawn + pixel * pixel / 12.0);
}

// Linear.
vec3 dots(vec2 p, vec2 extent, float left) {
  ivec2 cell = ivec2(p);
  vec4 ink = texelFetch(uInk, toTexel(cell), 0);
  vec3 plate = mix(uPlate, uMasked, ink.b);
  vec4 look = lookAt(ink.g, ink.r > 0.0);
  float cover = ink.a > 0.0 ? disc(look.a, p - vec2(cell) - 0.5, extent) * left : 0.0;
  vec3 colour = mix(uPlate, look.rgb, lightOf(cell));
  return mix(plate * plate, colour * colour, cover);
}
#endif

#ifdef FAR
vec3 farInk(vec2 p, vec2 extent) {
  float light = uRest;
  vec2 at = p;
#ifdef LIT
  vec2 wide = extent;
  for (int n = 0; n < uLitCount; n++) {
    bvec2 given = greaterThanEqual(uLit[n].yx, ivec2(0));
    vec2 first = vec2(uLit[n].yx);
    vec2 end = vec2(uLit[n].wz);
    vec2 reach = max(0.5 * (end - first), 0.5 * LIT_PX * uZoom * wide);
    bvec2 near = lessThanEqual(abs(p - 0.5 * (first + end)), reach);
    bool on = (!given.x || near.x) && (!given.y || near.y) && uLitLevel[n] > light;
    if (!on) continue;
    light = uLitLevel[n];
    // Along itself alone, so that its neighbours do not mix in.
    if (given.x) at.x = clamp(p.x, first.x + 0.5, end.x - 0.5);
    if (given.y) at.y = clamp(p.y, first.y + 0.5, end.y - 0.5);
    if (given.x && end.x - first.x < 2.0) extent.x = min(extent.x, end.x - first.x);
    if (given.y && end.y - first.y < 2.0) extent.y = min(extent.y, end.y - first.y);
  }
#endif
  bool positive;
  vec4 ink = texelAt(at, extent, positive);
  vec3 colour = mix(mix(uPlate, uMasked, ink.b), positive ? uFull[1] : uFull[0], min(ink.a, 1.0) * light);
  return colour * colour;
}
#endif

#ifdef FLAGS
// Signed distance to the shape of a flag, negative inside; matcube.playback.signs.
float outside(uint flag, vec2 q) {
  if (flag == 1u) {
    float diagonal = min(abs(q.x + q.y), abs(q.x - q.y)) * 0.70710678 - PEN;
    return max(diagonal, max(abs(q.x), abs(q.y)) - REACH);
  }
  float down = flag == 3u ? -q.y : q.y;
  return max(dot(vec2(SLANT_X, -SLANT_Y), vec2(abs(q.x), down + REACH)), down - REACH);
}

vec3 flagged(vec3 colour, vec2 p, vec2 extent, float left) {
  vec2 finest = vec2(textureSize(uFlags, 0));
  vec2 scale = finest * uTexel;
  vec2 own = toNode(extent) * scale;
  float pixel = sqrt(own.x * own.y);
  int level = min(int(ceil(log2(max(LEAST_PX * uZoom * pixel, 1.0)) - 1e-4)), uFlagLevels - 1);
  ivec2 size = textureSize(uFlags, level);
  vec2 spot = toNode(p + uStart) * uTexel * vec2(size);
  ivec2 at = clamp(ivec2(spot), ivec2(0), size - 1);
  uint flag = texelFetch(uFlags, at, level).r;
  if (flag == 0u) return colour;
  float pen = max(pixel * sqrt(float(size.x * size.y) / (finest.x * finest.y)), 1e-9);
  float away = outside(flag, uReading * toNode(spot - vec2(at) - 0.5));
  float share = level == 0 ? left : 1.0;
  colour = mix(colour, uPlate * uPlate, clamp(0.5 - (away - HALO) / pen, 0.0, 1.0) * share);
  vec3 own_colour = uFlagColours[min(flag, 3u) - 1u];
  return mix(colour, own_colour * own_colour, clamp(0.5 - away / pen, 0.0, 1.0) * share);
}
#endif

void main() {
  vec2 pixel = gl_FragCoord.xy - uMiddle;
  vec3 d = normalize(uRay + pixel.x * uRayX + pixel.y * uRayY);
  float dz = abs(d.z) < 1e-7 ? 1e-7 : d.z;
  float t = -uEye.z / dz;
  outColour = vec4(0.0);
  if (t <= 1e-9) return;
  vec2 tilt = d.xy / dz;
  vec2 p = uEye.xy + t * d.xy;
  float w = max(t * uPixel, 1e-9);
  vec2 extent = w * sqrt(1.0 + tilt * tilt);
  float share = onPlate(p.x, extent.x, uSize.x, uGrid.xy, uWhole.x, uFrom.x);
  share *= onPlate(p.y, extent.y, uSize.y, uGrid.zw, uWhole.y, uFrom.y);
  if (share <= 0.0) return;
  vec3 colour = uPlate * uPlate;
#if defined(NEAR) || defined(FAR)
  bool inside = all(greaterThanEqual(p, vec2(0.0))) && all(lessThan(p, uSize));
  float left = 1.0;
#ifdef DIGITS
  if (inside) {
    left = max(0.0, 1.0 - 2.0 * clarity(ivec2(p)));
    left *= left;
  }
#endif
  // Loops of one turn, not branches: software renderers skip a loop that no pixel enters.
#if defined(NEAR) && defined(FAR)
  float m = smoothstep(FADE_NEAR, FADE_FAR, w * inversesqrt(sqrt(max(abs(d.z), LEAST_COSINE))));
  vec3 cells = vec3(0.0);
  for (int once = 0; once < 1 && inside && m < 1.0; once++) cells = (1.0 - m) * dots(p, extent, left);
  for (int once = 0; once < 1 && inside && m > 0.0; once++) cells += m * farInk(p, extent);
  if (inside) colour = cells;
#elif defined(NEAR)
  for (int once = 0; once < 1 && inside; once++) colour = dots(p, extent, left);
#else
  for (int once = 0; once < 1 && inside; once++) colour = farInk(p, extent);
#endif
#ifdef FLAGS
  for (int once = 0; once < 1 && inside; once++) colour = flagged(colour, p, extent, left);
#endif
#endif
  outColour = vec4(colour, 1.0) * (share * uOpacity);
#ifdef DIGITS
  if (inside) {
    vec4 number = numberAt(p, extent);
    outColour = number + (1.0 - number.a) * outColour;
  }
#endif
}

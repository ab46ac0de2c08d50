// What every view of a face has: its rays, its cells, their light and their ink. docs/drawing.md.
// Compiled with NEAR, FAR or both, and with DIGITS, FLAGS and LIT where they are needed: software renderers
// run both sides of a branch, so the branch is taken per face where that can be. Colours of cells are square
// roots of linear light, in which they are mixed.
uniform vec3 uEye;        // in the face's frame, cells
uniform vec3 uRay;        // the ray through the middle of the picture, and its steps per pixel
uniform vec3 uRayX;
uniform vec3 uRayY;
uniform vec2 uMiddle;     // of the picture, pixels
uniform vec2 uSize;       // displayed columns, rows
uniform float uPixel;     // angle of a pixel
uniform float uZoom;      // device pixels to a pixel
uniform bool uSwap;       // shown transposed
uniform vec2 uTexel;      // node (column, row) to texture coordinates
uniform vec2 uStart;      // displayed (column, row) of the texture where the face begins
uniform vec3 uPlate;
uniform vec3 uFull[2];    // full brightness, negative and positive
uniform float uRest;      // light of cells that are not lit
uniform vec2 uReading;    // directions of text
uniform sampler2D uInk;   // positive strength, magnitude, masked, strength
uniform sampler2D uLook;  // dots over the magnitude: colour and radius; negative, positive, the same of a softmax
uniform bool uShares;     // the cells are those of a softmax
#ifdef FLAGS
uniform mediump usampler2D uFlags;
uniform vec3 uFlagColours[3];
uniform int uFlagLevels;
#endif
#ifdef LIT
uniform int uLitCount;
uniform ivec4 uLit[64];   // displayed (row, column) from the first two up to the last two, -1 for any
uniform float uLitLevel[64];
#endif
out vec4 outColour;

vec2 toNode(vec2 p) { return uSwap ? p.yx : p; }

ivec2 toTexel(ivec2 cell) {
  ivec2 at = cell + ivec2(uStart);
  return uSwap ? at.yx : at;
}

float lightOf(ivec2 cell) {
  float light = uRest;
#ifdef LIT
  for (int n = 0; n < uLitCount; n++) {
    ivec4 want = uLit[n];
    bool row = want.x < 0 || (cell.y >= want.x && cell.y < want.z);
    bool col = want.y < 0 || (cell.x >= want.y && cell.x < want.w);
    if (row && col) light = max(light, uLitLevel[n]);
  }
#endif
  return light;
}

vec4 lookAt(float magnitude, bool positive) {
  float row = (positive ? 0.375 : 0.125) + (uShares ? 0.5 : 0.0);
  return textureLod(uLook, vec2((magnitude * (LOOKS - 1.0) + 0.5) / LOOKS, row), 0.0);
}

float noiseOf(ivec2 texel) {
  uint square = (uint(texel.x >> 2) * SHIFT_X) ^ (uint(texel.y >> 2) * SHIFT_Y);
  square = (square ^ (square >> 15)) * SHIFT_Z;
  uint mixed = uint(texel.x) * NOISE_X + uint(texel.y) * NOISE_Y + square;
  return float(mixed >> 8) / 16777216.0;
}

// The mean ink of the texel under a pixel, one or two pixels wide in either direction, and whether its colour is
// the positive one.
vec4 texelAt(vec2 p, vec2 extent, out bool positive) {
  ivec2 cells = textureSize(uInk, 0);
  vec2 size = vec2(cells);
  vec2 scale = size * uTexel;
  ivec2 most = ivec2(floor(log2(size) + 1e-5));
  ivec2 many = clamp(ivec2(ceil(log2(max(toNode(extent) * scale, 1e-6)) - 1e-4)), ivec2(0), most);
  int level = max(min(many.x, many.y), max(many.x, many.y) - MOST_FINER);
  ivec2 count = max(cells >> many, ivec2(1));
  vec2 span = size / vec2(count);
  ivec2 texel = clamp(ivec2(toNode(p + uStart) * scale / span), ivec2(0), count - 1);
  vec2 fine = vec2(textureSize(uInk, level));
  ivec2 taps = ivec2(1) << max(many - level, ivec2(0));
  vec4 sum = vec4(0.0);
  for (int y = 0; y < taps.y; y++) {
    for (int x = 0; x < taps.x; x++) {
      vec2 spot = (vec2(texel) + (vec2(x, y) + 0.5) / vec2(taps)) * span * (fine / size);
      sum += texelFetch(uInk, min(ivec2(spot), ivec2(fine) - 1), level);
    }
  }
  sum /= float(taps.x * taps.y);
  positive = sum.r > noiseOf(uSwap ? texel.yx : texel) * sum.a;
  return sum;
}

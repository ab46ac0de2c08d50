// One face: near, the balls of the cells that a pixel's ray crosses; far, the ink pyramid. docs/drawing.md.
// Compiled with BALLS, INK or both: software renderers run both sides of a branch, so the branch is taken
// per face where that can be.
uniform vec3 uEye;        // in the face's frame, cells
uniform vec3 uRay;        // the ray through the middle of the picture, and its steps per pixel
uniform vec3 uRayX;
uniform vec3 uRayY;
uniform vec2 uMiddle;     // of the picture, pixels
uniform vec2 uSize;       // displayed columns, rows
uniform vec3 uRight;
uniform vec3 uUp;
uniform float uPixel;     // angle of a pixel
uniform bool uSwap;       // shown transposed
uniform vec2 uTexel;      // node (column, row) to texture coordinates
uniform vec2 uStart;      // displayed (column, row) of the texture where the face begins
uniform float uDim;
uniform int uLitCount;
uniform ivec4 uLit[64];   // displayed (row, column) from the first two up to the last two, -1 for any
uniform sampler2D uInk;
uniform mediump usampler2D uFlags;
uniform vec3 uFlagColours[3];
uniform bool uHasFlags;
uniform int uFlagLevels;
out vec4 outColour;

const float PI = 3.14159265;

vec2 toNode(vec2 p) { return uSwap ? p.yx : p; }

#ifdef BALLS
float litCell(ivec2 cell) {
  float weight = uLitCount == 0 ? 1.0 : DIMMED;
  for (int n = 0; n < uLitCount; n++) {
    ivec4 want = uLit[n];
    bool row = want.x < 0 || (cell.y >= want.x && cell.y < want.z);
    bool col = want.y < 0 || (cell.x >= want.y && cell.x < want.w);
    if (row && col) weight = 1.0;
  }
  return weight;
}
#endif

// The slab |z| <= uHalf about a face and its plate as a box of 12 triangles, of which the back faces are drawn: each pixel is
// covered once, also when the eye is inside. It is widened by a pixel for the antialiased rim.
uniform vec3 uEye;
uniform vec2 uSize;
uniform vec3 uRight;
uniform vec3 uUp;
uniform vec3 uForward;
uniform vec2 uTan;
uniform float uPixel;
uniform float uHalf;
uniform float uMargin;

const float NEAREST = 1e-4;

// Corners as bits x, y, z; counter-clockwise seen from outside.
const int CORNERS[36] = int[36](
  1, 3, 7, 1, 7, 5, 0, 4, 6, 0, 6, 2,
  2, 6, 7, 2, 7, 3, 0, 1, 5, 0, 5, 4,
  4, 5, 7, 4, 7, 6, 0, 2, 3, 0, 3, 1);

void main() {
  int bits = CORNERS[gl_VertexID];
  vec3 side = vec3(bits & 1, (bits >> 1) & 1, (bits >> 2) & 1);
  vec3 outward = side * 2.0 - 1.0;
  vec3 corner = vec3(side.xy * uSize + outward.xy * uMargin, outward.z * uHalf);
  float pad = uPixel * length(corner - uEye);
  corner += outward * vec3(pad, pad, max(pad - uHalf, 0.5 * pad));
  vec3 v = corner - uEye;
  float depth = dot(v, uForward);
  // No far plane: z comes to 1 only at infinity.
  gl_Position = vec4(dot(v, uRight) / uTan.x, dot(v, uUp) / uTan.y, depth - 2.0 * NEAREST, depth);
}

// One ball of a rod, an instance each: a square that faces the eye and holds its outline.
layout(location = 0) in vec4 aBall;     // centre from the eye in (right, up, forward), radius
layout(location = 1) in vec4 aColour;   // linear; coverage
uniform vec2 uTan;
uniform float uPixel;
flat out vec4 vBall;
flat out vec4 vColour;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  float range = length(aBall.xyz);
  float w = uPixel * range;
  float radius = aBall.w * max(1.0, 3.0 * w);  // seen from any distance
  float reach = (max(radius, 0.5 * w) + w) * range / max(aBall.z, 1e-3);
  vec2 at = aBall.xy + corner * reach;
  vBall = vec4(aBall.xyz, radius);
  vColour = aColour;
  gl_Position = vec4(at / uTan, aBall.z - 2e-4, aBall.z);
}

// Lines and filled triangles in the picture plane, one instance each; corners in pixels, y down.
layout(location = 0) in vec4 aFirst;    // a, b
layout(location = 1) in vec3 aSecond;   // c, half width (negative: a triangle)
layout(location = 2) in vec4 aColour;   // linear, not premultiplied
uniform vec2 uPicture;
flat out vec4 vFirst;
flat out vec3 vSecond;
flat out vec4 vColour;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 a = aFirst.xy;
  vec2 b = aFirst.zw;
  vec2 at;
  if (aSecond.z >= 0.0) {
    vec2 along = b - a;
    float size = length(along);
    along = size > 1e-6 ? along / size : vec2(1.0, 0.0);
    float reach = aSecond.z + 1.0;
    at = mix(a - along * reach, b + along * reach, corner.x);
    at += vec2(-along.y, along.x) * reach * (2.0 * corner.y - 1.0);
  } else {
    vec2 c = aSecond.xy;
    at = mix(min(min(a, b), c) - 1.0, max(max(a, b), c) + 1.0, corner);
  }
  vFirst = aFirst;
  vSecond = aSecond;
  vColour = aColour;
  gl_Position = vec4(2.0 * at.x / uPicture.x - 1.0, 1.0 - 2.0 * at.y / uPicture.y, 0.0, 1.0);
}

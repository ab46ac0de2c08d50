uniform vec2 uPicture;
flat in vec4 vFirst;
flat in vec3 vSecond;
flat in vec4 vColour;
out vec4 outColour;

float toSegment(vec2 p, vec2 a, vec2 b) {
  vec2 ab = b - a;
  float t = clamp(dot(p - a, ab) / max(dot(ab, ab), 1e-9), 0.0, 1.0);
  return length(p - a - t * ab);
}

// Signed distance to the side a → b, positive on the left of it.
float toSide(vec2 p, vec2 a, vec2 b) {
  vec2 ab = normalize(b - a + 1e-9);
  return ab.x * (p.y - a.y) - ab.y * (p.x - a.x);
}

void main() {
  vec2 p = vec2(gl_FragCoord.x, uPicture.y - gl_FragCoord.y);
  vec2 a = vFirst.xy;
  vec2 b = vFirst.zw;
  vec2 c = vSecond.xy;
  float reach = vSecond.z - toSegment(p, a, b);
  if (vSecond.z < 0.0) {
    float turn = sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
    reach = min(min(turn * toSide(p, a, b), turn * toSide(p, b, c)), turn * toSide(p, c, a));
  }
  float coverage = clamp(reach + 0.5, 0.0, 1.0) * vColour.a;
  outColour = vec4(vColour.rgb * coverage, coverage);
}

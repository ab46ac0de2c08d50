uniform vec2 uMiddle;
uniform float uPixel;
flat in vec4 vBall;
flat in vec4 vColour;
out vec4 outColour;

void main() {
  vec3 d = normalize(vec3((gl_FragCoord.xy - uMiddle) * uPixel, 1.0));
  float t = dot(vBall.xyz, d);
  vec3 off = t * d - vBall.xyz;
  float distance = length(off);
  float w = max(t * uPixel, 1e-9);
  float drawn = max(vBall.w, 0.5 * w);
  float coverage = t > 0.0 ? ballCoverage(vBall.w, drawn, distance, w) * vColour.a : 0.0;
  vec3 colour = lit(vColour.rgb, off.xy / max(drawn, distance), min(distance / drawn, 1.0), w / vBall.w);
  outColour = vec4(colour, 1.0) * coverage;
}

// From the linear picture to the page's sRGB.
uniform sampler2D uPicture;
out vec4 outColour;

void main() {
  vec3 x = clamp(texelFetch(uPicture, ivec2(gl_FragCoord.xy), 0).rgb, 0.0, 1.0);
  vec3 high = 1.055 * pow(x, vec3(1.0 / 2.4)) - 0.055;
  outColour = vec4(mix(12.92 * x, high, greaterThan(x, vec3(0.0031308))), 1.0);
}

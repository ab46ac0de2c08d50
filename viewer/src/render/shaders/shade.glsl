// A ball's light. `offset` is the ray's least offset from the centre in (right, up), in radii; `fine` is a
// pixel in radii: a ball too small to show its shading takes the means.
const vec3 LIGHT = LIGHT_VALUE;
const vec3 HALFWAY = HALFWAY_VALUE;

vec3 lit(vec3 colour, vec2 offset, float q, float fine) {
  vec3 n = vec3(offset, sqrt(1.0 - q * q));
  float h = max(dot(n, HALFWAY), 0.0);
  float h2 = h * h;
  float h4 = h2 * h2;
  float h8 = h4 * h4;
  float shade = AMBIENT + DIFFUSE * max(dot(n, LIGHT), 0.0);
  float gloss = GLOSS * (h8 * h8 * h8);
  float mean = min(MEAN_FROM * fine, 1.0);
  return colour * mix(shade, SHADE_MEAN, mean) + mix(gloss, GLOSS_MEAN, mean);
}

// How much of a pixel of size w a ball covers that the ray passes at `distance`; it is drawn at least half a
// pixel in radius and its whole light is kept.
float ballCoverage(float radius, float drawn, float distance, float w) {
  float ramp = clamp((drawn - distance) / w + 0.5, 0.0, 1.0);
  return ramp * radius * radius / (drawn * drawn + w * w / 12.0);
}

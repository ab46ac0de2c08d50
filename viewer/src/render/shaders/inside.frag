// A plane of products inside a box: near, balls that a pixel's ray meets; far, their ink, without a plate.
uniform vec3 uRight;
uniform vec3 uUp;

#ifdef NEAR
// One ball in front of what `sum` has already; premultiplied.
void addBall(inout vec4 sum, ivec2 cell, vec3 d) {
  vec4 ink = texelFetch(uInk, toTexel(cell), 0);
  vec4 look = lookAt(ink.g, ink.r > 0.0);
  look.a *= ink.a > 0.0 ? 1.0 : 0.0;
#ifdef FLAGS
  uint flag = texelFetch(uFlags, toTexel(cell), 0).r;
  if (flag != 0u) look = vec4(uFlagColours[min(flag, 3u) - 1u], 0.5);
#endif
#ifdef DIGITS
  look.a *= max(0.0, 1.0 - 2.0 * clarity(cell));
#endif
  float radius = look.a;
  vec3 centre = vec3(vec2(cell) + 0.5, 0.0) - uEye;
  float t = dot(centre, d);
  vec3 off = t * d - centre;
  float distance = sqrt(dot(off, off));
  float w = max(t * uPixel, 1e-9);
  float drawn = max(radius, 0.5 * w);
  float coverage = ballCoverage(radius, drawn, distance, w);
  if (radius <= 0.0 || t <= 0.0 || coverage <= 0.0) return;
  vec2 offset = vec2(dot(off, uRight), dot(off, uUp)) / max(drawn, distance);
  vec3 colour = lit(look.rgb * look.rgb, offset, min(distance / drawn, 1.0), w / radius);
  sum += (1.0 - sum.a) * coverage * vec4(colour, 1.0);
}

// Cells along the ray inside the slab, near to far.
vec4 balls(vec3 d) {
  vec3 inverse = 1.0 / mix(d, vec3(1e-9), lessThan(abs(d), vec3(1e-9)));
  vec3 a = (vec3(0.0, 0.0, -0.5) - uEye) * inverse;
  vec3 b = (vec3(uSize, 0.5) - uEye) * inverse;
  vec3 low = min(a, b);
  vec3 high = max(a, b);
  float enter = max(max(low.x, low.y), max(low.z, 0.0));
  float leave = min(high.x, min(high.y, high.z));
  vec2 start = clamp(uEye.xy + enter * d.xy, vec2(0.0), uSize - 1e-3);
  ivec2 cell = ivec2(floor(start));
  ivec2 way = ivec2(d.x < 0.0 ? -1 : 1, d.y < 0.0 ? -1 : 1);
  vec2 stride = abs(inverse.xy);
  vec2 next = (vec2(cell) + vec2(greaterThan(way, ivec2(0))) - uEye.xy) * inverse.xy;
  vec4 sum = vec4(0.0);
  float t = enter;
  for (int n = 0; n < MOST_STEPS && t < leave && sum.a < 0.995; n++) {
    addBall(sum, cell, d);
    bool sideways = next.x < next.y;
    t = sideways ? next.x : next.y;
    cell += sideways ? ivec2(way.x, 0) : ivec2(0, way.y);
    next += sideways ? vec2(stride.x, 0.0) : vec2(0.0, stride.y);
  }
  return sum;
}
#endif

// Where the ray meets the plane, or comes nearest to it on its way over the face.
struct Hit {
  vec2 p;        // displayed (column, row)
  float share;   // of the pixel inside the face
  float w;       // a pixel in cells
  float cosine;  // at least LEAST_COSINE
};

// Share of a pixel's extent about x that lies in [0, size].
float inside(float x, float extent, float size) {
  return max(min(x + 0.5 * extent, size) - max(x - 0.5 * extent, 0.0), 0.0) / extent;
}

Hit meet(vec3 d) {
  Hit hit;
  float slope = abs(d.z);
  float dz = slope < 1e-7 ? 1e-7 : d.z;
  float t = -uEye.z / dz;
  bool ahead = t > 1e-9;
  t = ahead ? t : 0.0;
  hit.w = max(t * uPixel, 1e-9);
  vec2 tilt = d.xy / dz;
  vec2 extent = max(hit.w * sqrt(1.0 + tilt * tilt), 1e-9);
  vec2 p = uEye.xy + t * d.xy;
  hit.share = ahead ? inside(p.x, extent.x, uSize.x) * inside(p.y, extent.y, uSize.y) : 0.0;

  // Seen edge-on the slab stands in for the plane.
  vec2 inverse = 1.0 / mix(d.xy, vec2(1e-9), lessThan(abs(d.xy), vec2(1e-9)));
  vec2 a = -uEye.xy * inverse;
  vec2 b = (uSize - uEye.xy) * inverse;
  float enter = max(max(min(a.x, b.x), min(a.y, b.y)), 0.0);
  float leave = min(max(a.x, b.x), max(a.y, b.y));
  bool over = leave > enter;
  float nearest = clamp(ahead ? t : enter, enter, max(leave, enter));
  float w = max(nearest * uPixel, 1e-9);
  float height = abs(uEye.z + nearest * d.z);
  float edge = over ? 1.0 - smoothstep(EDGE_NEAR, EDGE_FAR, slope) : 0.0;
  edge *= clamp((max(0.25, 0.5 * w) - height) / w + 0.5, 0.0, 1.0);
  if (edge > hit.share || (over && hit.share <= 0.0)) {
    hit.w = w;
    p = uEye.xy + nearest * d.xy;
    hit.share = max(hit.share, edge);
  }
  hit.p = clamp(p, vec2(0.0), uSize);
  hit.cosine = max(slope, LEAST_COSINE);
  return hit;
}

#ifdef FAR
vec4 farInk(Hit hit) {
  bool positive;
  vec4 ink = texelAt(hit.p, vec2(hit.w / hit.cosine), positive);
  vec3 colour = positive ? uFull[1] : uFull[0];
  return vec4(colour * colour, 1.0) * (min(ink.a, 1.0) * hit.share);
}
#endif

void main() {
  vec2 pixel = gl_FragCoord.xy - uMiddle;
  vec3 d = normalize(uRay + pixel.x * uRayX + pixel.y * uRayY);
  Hit hit = meet(d);
#if defined(NEAR) && defined(FAR)
  float m = smoothstep(FADE_NEAR, FADE_FAR, hit.w * inversesqrt(sqrt(hit.cosine)));
  outColour = vec4(0.0);
  for (int once = 0; once < 1 && m < 1.0; once++) outColour = (1.0 - m) * balls(d);
  for (int once = 0; once < 1 && m > 0.0 && hit.share > 0.0; once++) outColour += m * farInk(hit);
#elif defined(NEAR)
  outColour = balls(d);
#else
  outColour = farInk(hit);
#endif
#ifdef DIGITS
  float dz = abs(d.z) < 1e-7 ? 1e-7 : d.z;
  float t = -uEye.z / dz;
  vec2 p = uEye.xy + t * d.xy;
  if (t > 1e-9 && all(greaterThanEqual(p, vec2(0.0))) && all(lessThan(p, uSize))) {
    vec2 tilt = d.xy / dz;
    vec4 number = numberAt(p, t * uPixel * sqrt(1.0 + tilt * tilt));
    outColour = number + (1.0 - number.a) * outColour;
  }
#endif
}

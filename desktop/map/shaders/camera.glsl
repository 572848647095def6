// The oblique camera. Places are plane metres relative to the origin of the scene.
layout(std140) uniform Camera {
    vec4 row_x;    // to clip x
    vec4 row_y;    // to clip y
    vec4 row_z;    // to clip depth
    vec4 middle;   // x, y of the middle of the picture; metres per unit of grid height; time in seconds
    vec4 picture;  // width, height in device pixels; device pixels per pixel; metres per device pixel
};

vec4 drawn(vec3 place) {
    vec3 from_middle = vec3(place.xy - middle.xy, place.z);
    return vec4(dot(row_x.xyz, from_middle), dot(row_y.xyz, from_middle), dot(row_z.xyz, from_middle), 1.0);
}

// A corner of a tile: whole steps from its origin.
vec2 unpacked(vec2 steps, vec3 tile) { return tile.xy + steps * tile.z; }

// Whether a wall that looks outward this way shows its back.
bool faces_away(vec2 outward) { return dot(row_y.xy, outward) >= 0.0; }

vec4 nowhere() { return vec4(2.0, 2.0, 2.0, 1.0); }

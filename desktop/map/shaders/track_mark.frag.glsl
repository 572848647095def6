// Kinds: 0 arrow, 1 start (a ring), 2 end (a square), 3 seen (a disc in a ring), 4 not seen now (a hollow disc).
in vec2 here;
flat in vec2 form;
flat in vec3 colour;
uniform vec3 halo;
layout(location = 0) out vec4 painted;
void main() {
    float size = form.y;
    float outside;   // pixels outside the shape, negative inside
    bool filled = true;
    if (form.x < 0.5) outside = max(abs(here.y) * 0.83 + here.x * 0.55 - size * 0.55, -here.x - size * 0.7);
    else if (form.x > 1.5 && form.x < 2.5) outside = max(abs(here.x), abs(here.y)) - size * 0.8;
    else {
        outside = length(here) - size;
        filled = form.x > 2.5 && form.x < 3.5;
    }
    float inner = clamp(0.5 - outside, 0.0, 1.0);
    float rim = clamp(2.0 - outside, 0.0, 1.0);
    float body = filled ? inner : inner * clamp(outside + size * 0.45, 0.0, 1.0);
    if (form.x > 2.5 && form.x < 3.5) body *= 1.0 - clamp(1.0 - abs(outside + size * 0.42), 0.0, 1.0);
    if (rim <= 0.01) discard;
    painted = vec4(mix(halo, colour, body), rim);
}

in vec2 here;
flat in vec4 form;
flat in vec4 colour;
layout(location = 0) out vec4 painted;
void main() {
    float away = abs(length(here) - form.x);
    float cover = clamp(form.y * 0.5 + 0.5 - away, 0.0, 1.0);
    if (form.z > 0.5) {
        float turn = atan(here.y, here.x) / 6.2831853 + form.w * 0.15;
        cover *= step(0.45, fract(turn * form.z));
    }
    if (cover <= 0.01) discard;
    painted = vec4(colour.rgb, colour.a * cover);
}

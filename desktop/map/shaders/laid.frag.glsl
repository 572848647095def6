uniform sampler2D sheet;
uniform float opacity;
in vec2 at;
layout(location = 0) out vec4 painted;
void main() {
    painted = texture(sheet, at) * opacity;
}

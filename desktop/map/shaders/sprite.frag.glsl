in vec2 texel;
flat in vec4 colour;
uniform sampler2D sheet;
layout(location = 0) out vec4 painted;
void main() {
    vec4 ink = texelFetch(sheet, ivec2(texel), 0);
    if (ink.a < 0.004) discard;
    painted = ink * vec4(colour.rgb * colour.a, colour.a);
}

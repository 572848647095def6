#!/bin/sh
# packaging/mkdeb.sh OUT.deb: the committed state as a Debian package, with a pruned environment of its own.
# It needs the network once, here; the package needs none but for its Debian dependencies.
set -eu
out=$(realpath "${1:?usage: packaging/mkdeb.sh OUT.deb}")
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
home=$tree/opt/gridwarden

# --- the program ---
mkdir -p "$home" "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/share/doc/gridwarden" "$tree/usr/share/applications"
mkdir -p "$tree/lib/systemd/system"
chmod 755 "$tree"
git archive HEAD governance wire gis_data server desktop demo bench main.py requirements/run.lock pyproject.toml |
  tar -x -C "$home"
cp NOTICE CHANGELOG.md "$tree/usr/share/doc/gridwarden/"
cp LICENSE "$tree/usr/share/doc/gridwarden/copyright"
cp packaging/gridwarden@.service "$tree/lib/systemd/system/"
cp packaging/gridwarden.desktop "$tree/usr/share/applications/"
printf '#!/bin/sh\nexec /opt/gridwarden/.venv/bin/python /opt/gridwarden/main.py "$@"\n' >"$tree/usr/bin/gridwarden"
chmod 755 "$tree/usr/bin/gridwarden"

# --- its environment; nothing but .venv/bin/python is called, so it may be made anywhere ---
/usr/bin/python3 -m venv --without-pip "$home/.venv"
/usr/bin/python3 -m venv "$tree/pip"
"$tree/pip/bin/pip" --disable-pip-version-check -q --python "$home/.venv/bin/python" install \
  --require-hashes --no-deps --only-binary :all: --no-compile -r requirements/run.lock
rm -rf "$tree/pip"
find "$home/.venv/bin" -type f -delete
qt=$(echo "$home"/.venv/lib/python3*/site-packages/PySide6)
( # tools, QML and headers of Qt that the desk does not use: about 110 MB
  cd "$qt"
  rm -rf assistant designer linguist lrelease lupdate qmlformat qmllint qmlls balsam* svgtoqml include typesystems glue \
    doc scripts Qt/qml Qt/libexec Qt/metatypes QtQml* QtQuick* QtDesigner* QtHelp* Qt/lib/libQt6Quick* Qt/lib/libQt6Qml* \
    Qt/lib/libQt6Designer* Qt/lib/libQt6Labs*
  find Qt/translations -type f ! -name '*zh*' -delete
)
find "$home" -name __pycache__ -prune -exec rm -rf {} +
"$home/.venv/bin/python" -I -c 'from PySide6 import QtGui, QtNetwork, QtOpenGLWidgets, QtSvg, QtWidgets'
find "$home" -name __pycache__ -prune -exec rm -rf {} +

# --- what dpkg is told ---
RUN_PACKAGES=""
eval "$(sed -n '/^RUN_PACKAGES="/,/"$/p' gridwarden)" # the one list of system packages
depends=$(printf '%s' "$RUN_PACKAGES" | tr -s ' \n' '\n' | grep -v '^python3-venv$' | paste -sd, | sed 's/,/, /g')
cat >"$tree/DEBIAN/control" <<CONTROL
Package: gridwarden
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Gridwarden maintainers <maintainers@gridwarden.invalid>
Section: misc
Priority: optional
Depends: python3 (>= 3.11), python3 (<< 3.12), $depends
Description: command and dispatch for grid governance (网格指挥)
 A duty officer's desk, its server on a private PostGIS, and a demonstration with a simulated district.
CONTROL
cp packaging/postinst packaging/prerm packaging/preinst "$tree/DEBIAN/"
chmod 755 "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm" "$tree/DEBIAN/preinst"
dpkg-deb --root-owner-group -Zxz -z2 --build "$tree" "$out"

#!/bin/sh
# Make the environment that a make target needs, and nothing twice.
#
#   sh tools/bootstrap.sh demo    .venv with matcube in it
#   sh tools/bootstrap.sh docs    the same with what turns Markdown into pages
#   sh tools/bootstrap.sh test    the same with the test tools, torch, a browser and node
#
# On Debian as root, or with sudo where CI=true, missing system packages are installed.
# Anywhere else one sentence says which are missing, and the script stops.
set -eu

cd "$(dirname "$0")/.."
goal="${1:-demo}"
torch="torch==2.13.0"
py=.venv/bin/python

say() { printf 'matcube: %s\n' "$*"; }
die() { printf 'matcube: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# quietly WHAT COMMAND...: one line, a dot every five seconds, the output only if it fails.
quietly() {
    what="$1"; shift
    printf 'matcube: %s ' "$what"
    start="$(date +%s)"
    "$@" >"$scratch/log" 2>&1 </dev/null &
    job=$!
    tick=0
    while kill -0 "$job" 2>/dev/null; do
        sleep 1
        tick=$((tick + 1))
        if [ $((tick % 5)) -eq 0 ]; then printf '.'; fi
    done
    if wait "$job"; then
        printf ' %ss\n' "$(($(date +%s) - start))"
    else
        printf ' failed\n'
        tail -n 40 "$scratch/log" >&2
        die "'$what' failed; the last lines of its output are above."
    fi
}

# --- system packages ---------------------------------------------------------

have_browser() { have chromium || have chromium-browser || have google-chrome; }
have_fonts() { # for the browser; stills bring their own
    ! [ -f /etc/debian_version ] || [ -d /usr/share/fonts/truetype/dejavu ]
}
have_libatomic() { # playwright's driver is linked against it
    ! [ -f /etc/debian_version ] || [ -n "$(find /usr/lib /lib -name 'libatomic.so.1' 2>/dev/null | head -n 1)" ]
}
have_node() { have node && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; }

python_fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if have "$candidate" && python_fits "$candidate"; then echo "$candidate"; return; fi
    done
}

missing_packages() {
    if ! [ -x "$py" ]; then
        python="$(find_python)"
        if [ -z "$python" ]; then
            echo python3 python3-venv
        elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
            echo python3-venv
        fi
    fi
    if [ "$goal" = test ]; then
        have_browser || echo chromium
        have_fonts || echo fonts-dejavu-core
        have_libatomic || echo libatomic1
        have pdftoppm || echo poppler-utils
        have_node || echo nodejs
        have npm || echo npm
    fi
}

# On a machine of continuous integration sudo asks for no password; elsewhere it is not used.
if [ "$(id -u)" -ne 0 ] && [ "${CI:-}" = true ] && have sudo; then sudo="sudo"; else sudo=""; fi
may_install() { have apt-get && { [ "$(id -u)" -eq 0 ] || [ -n "$sudo" ]; }; }
apt_get() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 "$@"; }

system_packages() {
    missing="$(missing_packages | tr '\n' ' ')"
    if [ -z "${missing% }" ]; then return; fi
    if ! may_install; then
        die "these are missing: ${missing% } (names of Debian packages; Python must be 3.11 or later," \
            "node 18 or later). Install them with your system's package manager and run this again."
    fi
    quietly "reading the package lists" apt_get update
    # shellcheck disable=SC2086  # a list of names
    quietly "installing ${missing% }" apt_get install -y --no-install-recommends $missing
    still="$(missing_packages | tr '\n' ' ')"
    if [ -n "${still% }" ]; then die "still missing after apt-get install: ${still% }."; fi
}

# --- Python ------------------------------------------------------------------

# A stamp holds a fingerprint of what an install depended on: same fingerprint, nothing to do.
fingerprint() { { pwd; echo "$torch"; cat "$@"; } | cksum; }
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

python_packages() {
    if ! "$py" -c 'import pip' >/dev/null 2>&1; then
        python="$(find_python)"
        if [ -z "$python" ]; then die "Python 3.11 or later is needed; install it and run this again."; fi
        rm -rf .venv
        quietly "making .venv" "$python" -m venv .venv
    fi
    print="$(fingerprint pyproject.toml)"
    if fresh .venv/stamp-test "$print"; then return; fi
    if fresh .venv/stamp-docs "$print" && [ "$goal" = demo ]; then return; fi
    if [ "$goal" != test ]; then
        if fresh ".venv/stamp-$goal" "$print"; then return; fi
        extra="$([ "$goal" = docs ] && echo '[docs]' || true)"
        quietly "installing matcube" "$py" -m pip install --retries 5 -e ".$extra"
    else
        quietly "installing matcube with its test tools" "$py" -m pip install --retries 5 -e '.[test]'
        quietly "installing $torch, which tests compare against" "$py" -m pip install --retries 5 "$torch"
    fi
    echo "$print" >".venv/stamp-$goal"
}

# --- the viewer's tools ------------------------------------------------------

viewer_packages() {
    print="$(fingerprint viewer/package.json viewer/package-lock.json)"
    if fresh viewer/node_modules/.stamp "$print"; then return; fi
    quietly "installing the viewer's build tools" npm ci --prefix viewer --ignore-scripts --no-audit --no-fund
    echo "$print" >viewer/node_modules/.stamp
}

case "$goal" in
    demo | docs) system_packages; python_packages ;;
    test) system_packages; python_packages; viewer_packages ;;
    *) die "unknown goal '$goal'; say demo, docs or test." ;;
esac

# shellcheck shell=sh
# What has to be on the machine before a build, and how it gets there. Sourced by ./run and ./test.

# What a build needs.
setup_build="gcc libc6-dev meson ninja-build pkgconf libarchive-dev libbz2-dev libcjson-dev libexpat1-dev
libgit2-dev liblzma-dev libmaxminddb-dev libpcre2-dev libsqlite3-dev libssl-dev libxlsxwriter-dev libyaml-dev libzstd-dev zlib1g-dev"
# What the program calls when a pack is signed or verified.
setup_run="openssh-client"
# What the suites need beyond that.
setup_test="check chromium clang clang-format-14 conntrack fonts-noto-cjk git iproute2 iptables jq libbdd-dev nftables nodejs npm
openssl shellcheck"
# What only the long set asks: a spreadsheet program opens the forms.
setup_long="libreoffice-calc"

# The packages of a list that are not installed.
setup_missing()
{
    for package in "$@"; do
        # Some packages of nodejs bring npm along and do not get on with Debian's.
        if [ "$package" = npm ] && command -v npm >/dev/null; then
            continue
        fi
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *" installed") ;;
        *) echo "$package" ;;
        esac
    done
}

# setup_packages STAMP PACKAGE...: installs what is missing. The stamp holds the list that was
# settled last, so that the next run asks nobody. On a system without dpkg the build finds out.
setup_packages()
{
    stamp=$1
    shift
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$*" ]; then
        return 0
    fi
    if command -v dpkg-query >/dev/null; then
        missing=$(setup_missing "$@" | tr '\n' ' ')
        if [ -n "$missing" ]; then
            setup_install "$missing" || return 1
        fi
    fi
    mkdir -p "${stamp%/*}"
    echo "$*" >"$stamp"
}

setup_install()
{
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "missing packages; as root: apt-get install $1" >&2
            return 1
        fi
        as_root=sudo
    fi
    echo "installing: $1" >&2
    # An outdated list of packages is no reason to stop when the packages are still found.
    $as_root apt-get -q update >&2 || true
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends install $1 >&2
}

# setup_meson FOLDER OPTION...: once. What went wrong is said, and the packages are looked at again.
setup_meson()
{
    folder=$1
    shift
    [ ! -f "$folder/build.ninja" ] || return 0
    mkdir -p "$folder"
    meson setup "$folder" "$@" >"$folder/meson.log" || {
        cat "$folder/meson.log" >&2
        rm -f "$folder/packages"
        return 1
    }
}

# setup_ninja DIR TARGET...: builds, silently when there is nothing to do. A build that fails
# forgets the stamp: a package that was removed since would otherwise never be missed.
setup_ninja()
{
    dir=$1
    shift
    if ! ninja -C "$dir" --quiet "$@" >"$dir/ninja.log" 2>&1; then
        cat "$dir/ninja.log" >&2
        rm -f "$dir/packages"
        return 1
    fi
    # Compiler warnings are worth seeing even when they are no errors.
    grep -A 3 'warning:' "$dir/ninja.log" >&2 || true
}

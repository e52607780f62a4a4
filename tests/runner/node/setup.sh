# shellcheck shell=sh
# The JavaScript packages of the suites, exactly as package-lock.json pins them, in $BUILD/node. Sourced
# by suites: setup_node SUITE says "skip" and ends the suite where the registry cannot be reached.

setup_node()
{
    node=$BUILD/node
    mkdir -p "$BUILD"
    exec 9>"$node.lock"
    flock 9 # suites run side by side
    if [ -f "$node/stamp" ] && cmp -s "$node/stamp" tests/runner/node/package-lock.json; then
        exec 9>&-
        return 0
    fi
    rm -rf "$node"
    mkdir -p "$node"
    cp tests/runner/node/package.json tests/runner/node/package-lock.json "$node/"
    # Nothing that a package brings is run while it is installed.
    if (cd "$node" && npm ci --fetch-retries=1 --fetch-timeout=30000 --ignore-scripts --no-audit --no-fund) >"$node/npm.log" 2>&1; then
        cp tests/runner/node/package-lock.json "$node/stamp"
        exec 9>&-
        return 0
    fi
    cat "$node/npm.log"
    if (cd "$node" && npm ping --fetch-retries=0 --fetch-timeout=20000) >"$node/ping.log" 2>&1; then
        echo "not ok $1: npm ci failed although the registry answers"
    else
        echo "skip $1: the npm registry cannot be reached and its packages are not installed yet"
    fi
    exit 0
}

# For ./test and ./bench: installs what is missing, and only that. Sourced, not run.

# The SDK greets and makes an HTTPS certificate at its first command on a machine; nobody asked for either.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

# need PACKAGE TEST…: the Debian package PACKAGE, unless TEST… succeeds.
need() {
  local package=$1
  shift
  if "$@" >/dev/null 2>&1; then return 0; fi
  command -v apt-get >/dev/null || { echo "$package is needed, and there is no apt-get to install it with" >&2; exit 1; }
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "$package is needed, and only root may install it: run 'apt-get install --no-install-recommends $package' as root, then this again" >&2
      exit 1
    }
    root=(sudo)
  fi
  if [ -z "${apt_updated:-}" ]; then
    echo "apt-get update" >&2
    quietly "${root[@]}" apt-get update -q || { echo "the lists of packages could not be fetched, so $package cannot be installed" >&2; exit 1; }
    apt_updated=yes
  fi
  echo "installing $package" >&2
  quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" \
    || { echo "$package could not be installed" >&2; exit 1; }
}

# Debian's package makes a cluster "main" that is started with the machine. The tests start servers of their own, so nothing shall be left
# beside them: the line that says so is there while the package is installed, and the file then is what it was.
need_postgresql() {
  local conf=/etc/postgresql-common/createcluster.conf
  has_postgresql >/dev/null 2>&1 && return 0
  command -v apt-get >/dev/null && need postgresql-common test -e "$conf"
  (
    as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
    if [ -e "$conf" ]; then
      # A copy that is there already is of an installation that was killed, and is the original.
      [ -e "$conf.before-symbolon" ] || as_root cp -p "$conf" "$conf.before-symbolon" || exit 1
      trap 'as_root mv -f "$conf.before-symbolon" "$conf"' EXIT
      trap 'exit 130' INT TERM HUP
      as_root sh -c 'echo "create_main_cluster = false" >> "$0"' "$conf" || exit 1
    fi
    need postgresql has_postgresql
  ) || exit 1
}

# quietly COMMAND…: what it says is shown only when it fails.
quietly() {
  local said status=0
  said=$("$@" 2>&1) || status=$?
  [ "$status" = 0 ] || printf '%s\n' "$said" >&2
  return "$status"
}

has_postgresql() { ls /usr/lib/postgresql/*/bin/initdb; }
# Not through a pipe: grep -q ends at its find, ldconfig dies of that, and pipefail takes it for a missing library.
has_sqlite() { [[ $(PATH=$PATH:/sbin:/usr/sbin ldconfig -p) == *libsqlite3.so.0* ]]; }
has_faketime() { ls /usr/lib/*/faketime/libfaketimeMT.so.1; }
# In its family the pages look as they are meant to; without it another font makes everything wider.
has_inter() { ls -d /usr/share/fonts/*/inter; }
# For Debian's interpreter: another one that stands before it in the path does not see its packages.
has_authlib() { /usr/bin/python3 -c 'import authlib.jose'; }
has_command() { PATH=$PATH:/usr/sbin command -v "$1"; }

# The npm fixtures in tests/node, with the Node 22 that they bring along.
need_node_fixtures() {
  need_npm_packages tests/node node_modules/node/bin/node --version
}

# The MCP Inspector, which runs on the Node of the fixtures.
need_node_inspector() {
  need_node_fixtures
  need_npm_packages tests/node-inspector true
}

# The gateways of the npm world that ./bench measures beside; they run on the Node of the fixtures.
need_node_peers() {
  need_node_fixtures
  need_npm_packages benchmarks/node true
}

# need_npm_packages FOLDER TEST…: what the folder's lock file names, unless it is there and TEST… succeeds in the folder.
need_npm_packages() {
  local folder=$here/$1 mark=$here/$1/node_modules/.symbolon-lock
  shift
  if cmp -s "$folder/package-lock.json" "$mark" && (cd "$folder" && "$@") >/dev/null 2>&1; then return 0; fi
  need npm has_command npm
  echo "npm ci in ${folder#"$here/"}" >&2
  # No install script but one runs: the one that fetches the node program itself.
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
    && { [ ! -e node_modules/node ] || { cd node_modules/node && node installArchSpecificPackage.js; }; }) >&2 \
    || { echo "the npm packages of ${folder#"$here/"} could not be installed" >&2; exit 1; }
  cp "$folder/package-lock.json" "$mark"
}

need_dotnet() { command -v dotnet >/dev/null || { echo "the .NET SDK 10 is needed: https://dot.net" >&2; exit 1; }; }

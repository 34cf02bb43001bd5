# Sourced by the other scripts: brings what this machine lacks, or says its name and stops with exit code 5.
# Needs bash; every function may be called again and does nothing when nothing is missing.

# One line on what is being done; to stderr, so that it never mixes with a program's output.
say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: directly, or through a sudo that asks no password. Fails where neither works.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

can_install() { have apt-get && as_root true; }

apt_install() {
  as_root apt-get update -qq >&2 || say "  (apt-get update failed; going on with the lists that are there)"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# The uv of this machine, else one in .reportgen/uv: a private folder, so that a Python that belongs to the
# system (PEP 668) need not be touched.
bring_uv() {
  local private="$PWD/.reportgen/uv" python=python3
  export PATH="$PATH:$private/bin:$private/venv/bin"
  have uv && return
  have python3 || python=python
  if ! have "$python" && can_install; then apt_install python3 python3-venv || true; python=python3; fi
  if have "$python"; then
    say "Bringing uv into .reportgen/uv"
    if "$python" -m pip --version >/dev/null 2>&1; then
      "$python" -m pip install --quiet --disable-pip-version-check --target "$private" --upgrade uv >&2 || true
    fi
    have uv || bring_uv_by_venv "$python" "$private/venv"
  fi
  if ! have uv; then
    say "uv is missing and could not be installed with pip. Install it (https://docs.astral.sh/uv), or pip, then start again."
    exit 5
  fi
}

# Where Python has no pip of its own, a virtual environment brings one (Debian: only with python3-venv).
bring_uv_by_venv() {
  if ! "$1" -m venv "$2" >/dev/null 2>&1; then
    can_install || return 0
    apt_install python3-venv || return 0
    "$1" -m venv --clear "$2" || return 0
  fi
  "$2/bin/python" -m pip install --quiet --disable-pip-version-check uv >&2 || true
}

# True where the dynamic linker knows the library, and where nobody can be asked: then the program itself will say.
library_found() {
  case "$(uname -s)" in
    Darwin) ls {/opt/homebrew,/usr/local,/opt/local}/lib/"$1".* >/dev/null 2>&1 ;;
    Linux)
      local ldconfig
      ldconfig=$(PATH="$PATH:/sbin:/usr/sbin" command -v ldconfig) || return 0
      # Read to the end: `grep -q` would leave the pipe early and pipefail would call that a failure.
      "$ldconfig" -p 2>/dev/null | grep -F "$1.so" >/dev/null
      ;;
    *) return 0 ;;
  esac
}

# Pango draws the PDF; HarfBuzz's subset library only makes that faster, so its absence stops nobody.
bring_libraries() {
  local needed=() wished=()
  library_found libpango-1.0 || needed+=(libpango-1.0-0)
  library_found libpangoft2-1.0 || needed+=(libpangoft2-1.0-0)
  library_found libharfbuzz-subset || wished+=(libharfbuzz-subset0)
  if [ ${#needed[@]} -gt 0 ]; then
    say "The PDF needs Pango, which this machine lacks."
    if can_install; then apt_install "${needed[@]}" || missing_libraries "${needed[@]}"; else missing_libraries "${needed[@]}"; fi
  fi
  if [ ${#wished[@]} -gt 0 ] && can_install; then
    apt_install "${wished[@]}" || say "  (${wished[*]} could not be installed: the PDF takes a little longer)"
  fi
}

missing_libraries() {
  case "$(uname -s)" in
    Darwin) say "Install it, then start again:  brew install pango" ;;
    *)
      if have apt-get; then
        say "Install it, then start again:  sudo apt-get install $* libharfbuzz-subset0"
      else
        say "Install Pango 1.44 or newer (its parts pango and pangoft2) with your system's package manager, then start again."
      fi
      ;;
  esac
  say "Without it, 'uv run reportgen build experiments.toml' still writes output/report.html, but no PDF."
  exit 5
}

# What some tests look at the report with. They skip with a reason where it is missing, so nothing here fails.
bring_test_programs() {
  local wished=()
  have pdftotext || wished+=(poppler-utils)
  have chromium || have chromium-browser || have google-chrome || wished+=(chromium)
  [ ${#wished[@]} -gt 0 ] || return 0
  if can_install; then
    local package
    for package in "${wished[@]}"; do
      apt_install "$package" || say "  ($package could not be installed: the tests that need it are skipped)"
    done
  else
    say "Not here: ${wished[*]}. The tests that need them are skipped."
  fi
}

# What .ci/run is made of: `check` and `suite` run one thing each and keep its result, `summary` prints them all.

passed=0
failed=0
log=$(mktemp -d)

# Keeps a result: name, passed, failed, seconds.
record() {
  passed=$((passed + $2))
  failed=$((failed + $3))
  printf '%-22s %6d passed %4d failed %6d s\n' "$1" "$2" "$3" "$4" >>"$log/summary"
}

# Runs a command and counts it as one check.
check() {
  local name=$1 begun=$SECONDS
  shift
  echo "== $name: $*"
  if "$@"; then record "$name" 1 0 $((SECONDS - begun)); else
    record "$name" 0 1 $((SECONDS - begun))
    echo "  FAILED: $*" >>"$log/summary"
  fi
}

# Runs a command that ends in jest, which writes its results as JSON, and adds what they count. A suite without results, or
# with none passed, has failed; so has one whose command failed although all its tests passed.
suite() {
  local name=$1 begun=$SECONDS results status ok bad
  shift
  echo "== $name: $*"
  results="$log/$name.json"
  "$@" --json --outputFile="$results"
  status=$?
  read -r ok bad < <(node .ci/results.js counts "$results" "$status")
  record "$name" "$ok" "$bad" $((SECONDS - begun))
  node .ci/results.js failures "$results" "$status" >>"$log/summary"
}

# The last line is "N passed, N failed", summed over all checks and suites; before it stands what each one counted, and what failed.
summary() {
  echo "== summary"
  cat "$log/summary"
  rm -rf "$log"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

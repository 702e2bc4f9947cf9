#!/usr/bin/env bash
# Installs the programs of others that judge this project, each with its version and hash pinned, into node_modules/.cache/conformance:
#   npm/       linters, and Node 20 and 22
#   python/    cfn-lint, parliament, schemathesis, Go
#   velocity/  Apache Velocity 1.7 and 2.4, and Render.java compiled for each
# It needs npm, python3, and Java with Maven, which it installs on Debian.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools="$here/../../node_modules/.cache/conformance"

if ! command -v mvn >/dev/null || ! command -v javac >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jdk-headless maven
fi

mkdir -p "$tools/npm"
cp "$here"/npm/package*.json "$tools/npm"
(cd "$tools/npm" && npm ci --ignore-scripts --no-audit --no-fund)
for version in 20 22; do
  ln -sfn "$(ls -d "$tools"/npm/node_modules/node$version-*)/bin/node" "$tools/npm/node$version"
done

python3 -m venv --clear "$tools/python"
"$tools/python/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$here/python/requirements.txt"

for version in 1.7 2.4; do
  folder="$tools/velocity/$version"
  rm -rf "$folder"
  mvn --quiet --batch-mode --file "$here/velocity/pom.xml" --activate-profiles "velocity-$version" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$folder/lib"
  (cd "$folder/lib" && sha256sum --check --quiet "$here/velocity/jars-$version.sha256")
  # Nothing but what has a hash may be there.
  [ "$(ls "$folder/lib" | wc -l)" -eq "$(wc -l <"$here/velocity/jars-$version.sha256")" ]
  javac -cp "$folder/lib/*" -d "$folder" "$here/velocity/Render.java"
done

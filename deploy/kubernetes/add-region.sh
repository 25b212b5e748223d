#!/bin/sh
# add-region.sh NEW LIKE ADDRESSES
# Makes what every other region knows of the region NEW (components/peers/NEW) and its overlay from those of LIKE, a region with the same
# kind of provider, and lists each region in the others. ADDRESSES: of its doors, and from which it calls (192.0.2.0/28).
set -eu
new=$1 like=$2 addresses=$3
cd "$(dirname "$0")"

# list PEER FILE: the part of PEER is one of FILE's, before the names are put in place
list() {
  sed "s#^  - ../../components/names\$#  - ../../components/peers/$1\n&#" "$2" > "$2.new"
  mv "$2.new" "$2"
}

copy() {
  test ! -e "$1/$new" || { echo "add-region: there is a $1/$new" >&2; exit 1; }
  cp -r "$1/$like" "$1/$new"
  find "$1/$new" -type f | while read -r file; do
    sed -E "s/$like/$new/g$2" "$file" > "$file.new"
    mv "$file.new" "$file"
  done
}

copy components/peers ";s#([0-9]+\.){3}[0-9]+/[0-9]+#$addresses#g"
copy overlays ''
test ! -d "msk/$like" || copy msk ''

for overlay in overlays/*/kustomization.yaml; do
  peer=$new
  test "$overlay" != "overlays/$new/kustomization.yaml" || peer=$like
  list "$peer" "$overlay"
  list "$peer/door" "$overlay"
  ! grep -q components/self-hosted "$overlay" || list "$peer/kafka" "$overlay"
done
for topics in msk/*/kustomization.yaml; do
  peer=$new
  test "$topics" != "msk/$new/kustomization.yaml" || peer=$like
  list "$peer/kafka" "$topics"
done

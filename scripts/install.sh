#!/bin/sh
# Puts Portcullis on a Debian or Raspberry Pi OS machine as a service, and looks after its releases there. Plain sh: what switches
# releases must work when a release does not. Each step may be cut off by a power failure: a release is in place whole or not at all
# (rename), `current` names the old one or the new one (rename), and `upgrading` stands from before the switch until the new release
# has been healthy, so that the next start of the machine goes back.
set -eu
umask 022

# Limits; --within and --looks name others.
healthy_within_s=300
healthy_looks=5
look_every_s=2
releases_kept=3
node_min_major=20
node_min_minor=19

usage() {
  cat <<'TEXT'
install.sh edge --id BOX [--config SITE.yaml]     this machine as a box
install.sh hub [--config HUB.yaml]                this machine as a hub
install.sh --upgrade TARBALL|DIR                  to another release; goes back by itself when that does not get healthy
    --within S --looks N    healthy: so many good looks in a row, within so many seconds
install.sh --return                               back to the release before an upgrade that was not confirmed
install.sh --uninstall [--purge]                  keeps configuration and data unless --purge
install.sh --status                               releases on this machine
  --root DIR          into a folder (chroot, image) instead of this machine; starts nothing
  --no-start          leaves the services as they are
  --systemctl PROGRAM what is called instead of systemctl; with --root nothing is unless named here

安装：install.sh edge --id 主机 --config 站点.yaml，或 install.sh hub --config 平台.yaml
升级：install.sh --upgrade 安装包（新版本不能正常运行时自动恢复原版本）；卸载：install.sh --uninstall
TEXT
}

say() { printf '%s\n%s\n' "$1" "$2" >&3 2>/dev/null || true; }

# fail CODE PLACE DETAIL: as the program itself tells trouble, with what to do about it.
fail() {
  printf '%s  %s  %s\n' "$1" "$2" "$3" >&2
  case $1 in
  install.usage) en="The call cannot be understood. See --help." zh="无法理解该命令，请看 --help。" ;;
  install.needs-root) en="Only root may do this. Call it with sudo." zh="需要 root 权限，请用 sudo 运行。" ;;
  install.system-unfit) en="This machine cannot run it. Use Debian or Raspberry Pi OS (64 bit), version 11 or newer." zh="本机不适用，请使用 64 位 Debian 或 Raspberry Pi OS 11 及以上。" ;;
  install.no-node) en="A checkout needs Node $node_min_major.$node_min_minor or newer. Install it, or use the package portcullis-VERSION-linux-ARCH.tar.gz, which brings its own." zh="源码安装需要 Node $node_min_major.$node_min_minor 及以上；也可使用自带 Node 的安装包。" ;;
  install.release-damaged) en="The release is not whole. Get it again." zh="安装包不完整，请重新获取。" ;;
  install.release-unusable) en="The release does not run on this machine. Take the one for its architecture." zh="该版本无法在本机运行，请选择对应架构的安装包。" ;;
  install.no-room) en="The disk has too little room. Make room, or remove old releases." zh="磁盘空间不足，请清理或删除旧版本。" ;;
  install.read-only) en="The folder cannot be written. Mount the root file system for writing: mount -o remount,rw /" zh="目录不可写，请先以可写方式重新挂载根文件系统：mount -o remount,rw /" ;;
  install.no-configuration) en="No configuration. Name one by --config; a box also needs --id." zh="缺少配置，请用 --config 指定；主机还需 --id。" ;;
  install.configuration-refused) en="The release refuses the configuration, and nothing was changed. Mend the file, or stay with the present release." zh="该版本拒绝现有配置，未作任何更改；请修改配置或继续使用原版本。" ;;
  install.not-installed) en="Nothing is installed here. Install first." zh="本机尚未安装。" ;;
  install.busy) en="Another installation runs. Wait for it." zh="另一个安装正在进行，请稍候。" ;;
  install.no-backup) en="What the old release would need again could not be kept aside; nothing was changed. See the lines above." zh="未能备份原版本所需数据，未作任何更改，请查看上文。" ;;
  install.returned) en="The new release was not healthy in time. The old one is in force again, with its configuration and data; journalctl says why." zh="新版本未能按时正常运行，已恢复原版本及其配置与数据；原因见 journalctl。" ;;
  install.not-healthy) en="The service is not healthy yet. Look at journalctl -u 'portcullis-*' and systemctl status." zh="服务尚未正常，请查看 journalctl -u 'portcullis-*' 与 systemctl status。" ;;
  *) en="" zh="" ;;
  esac
  printf '  %s\n  %s\n' "$en" "$zh" >&2
  exit "${4:-1}"
}

# ---- this machine, or the folder that stands for one

in_root() { [ -n "$root" ]; }
has_passwd() { [ "$(id -u)" = 0 ] && [ -f "$root/etc/passwd" ]; }

# What systemd is told. In a folder there is none.
tell_systemd() {
  [ -n "$systemctl" ] || return 0
  "$systemctl" "$@"
}

settle_disk() { sync -f "$1" 2>/dev/null || sync; }

# write_whole FILE MODE < TEXT: there whole, or as it was before.
write_whole() {
  (umask 077 && cat >"$1.new")
  chmod "$2" "$1.new"
  settle_disk "$1.new"
  mv -f "$1.new" "$1"
  settle_disk "$(dirname "$1")"
}

own() { # own OWNER:GROUP PATH...: by the numbers of the machine that it is for.
  has_passwd || return 0
  owner=$(id_of passwd "${1%:*}") group=$(id_of group "${1#*:}")
  shift
  chown -R "$owner:$group" "$@"
}
id_of() { awk -F: -v name="$2" '$1 == name { print $3 }' "$root/etc/$1"; }

check_system() {
  in_root && return 0
  [ "$(id -u)" = 0 ] || fail install.needs-root "$(id -un)" "uid $(id -u)"
  [ -f /etc/debian_version ] || fail install.system-unfit /etc/debian_version "not there"
  case $(uname -m) in
  x86_64 | aarch64) ;;
  *) fail install.system-unfit "$(uname -m)" "x86_64 or aarch64 is needed" ;;
  esac
  command -v "$systemctl" >/dev/null || fail install.system-unfit "$systemctl" "no systemd"
}

lock() {
  mkdir -p "$opt"
  # A lost terminal or a closed session must not leave a machine between two releases.
  trap '' HUP INT PIPE
  (: >"$opt/.writable") 2>/dev/null || fail install.read-only "$opt" "cannot be written"
  rm -f "$opt/.writable"
  exec 9>"$opt/.lock"
  if command -v flock >/dev/null; then flock -n 9 || fail install.busy "$opt" "locked"; fi
}

make_user() {
  has_passwd || return 0
  prefix=""
  in_root && prefix="--prefix $root"
  # shellcheck disable=SC2086
  [ -n "$(id_of group portcullis)" ] || groupadd $prefix --system portcullis
  # shellcheck disable=SC2086
  [ -n "$(id_of passwd portcullis)" ] || useradd $prefix --system --gid portcullis --home-dir /var/lib/portcullis \
    --no-create-home --shell /usr/sbin/nologin --comment "Portcullis" portcullis
  [ "$1" = edge ] || return 0
  # Pins and serial lines; the unit gives these groups to the box alone, not to a hub beside it.
  for group in gpio dialout; do
    # shellcheck disable=SC2086
    [ -n "$(id_of group $group)" ] || groupadd $prefix --system $group
  done
}

as_user() {
  if in_root || [ "$(id -u)" != 0 ]; then "$@"; else setpriv --reuid portcullis --regid portcullis --clear-groups "$@"; fi
}

# ---- releases

program() { # program RELEASE ARGUMENT...
  chosen="$releases/$1"
  shift
  "$chosen/bin/node" "$chosen/.build/scripts/portcullis.js" "$@"
}
version_of() { sed -n 's/^  "version": "\([0-9A-Za-z.+-]*\)",*$/\1/p' "$1/package.json" | head -n 1; }
current_release() { [ -L "$opt/current" ] && basename "$(readlink "$opt/current")" || true; }
roles() {
  for role in edge hub; do [ -f "$units/portcullis-$role.service" ] && echo $role; done
  return 0
}

# A checkout is packed first; what a package brings along is taken as it is.
source_of() {
  [ -f "$1/files.sha256" ] && { echo "$1"; return; }
  node=$(command -v node || true)
  [ -n "$node" ] || fail install.no-node node "not there"
  "$node" -e "const [a,b]=process.versions.node.split('.').map(Number); process.exit(a>$node_min_major||(a===$node_min_major&&b>=$node_min_minor)?0:1)" ||
    fail install.no-node "$node" "$("$node" --version)"
  mkdir -p "$opt/.packing"
  "$node" "$1/scripts/package.mjs" --folder --out "$opt/.packing" >&2 || fail install.release-damaged "$1" "could not be packed"
  echo "$opt/.packing/$(ls "$opt/.packing")"
}

check_room() { # check_room FOLDER KILOBYTES
  free=$(df -Pk "$1" | awk 'NR == 2 { print $4 }')
  [ "$free" -gt "$2" ] || fail install.no-room "$1" "$free KiB free, $2 needed"
}

# Puts a release beside the others; its name is in $release.
put_release() {
  making="$releases/.making"
  rm -rf "$making"
  mkdir -p "$making"
  if [ -d "$1" ]; then
    from=$(source_of "$1")
    [ -f "$from/files.sha256" ] || fail install.release-damaged "$1" "no files.sha256"
    release=$(same_release "$from")
    if [ -n "$release" ]; then
      rm -rf "$making" "$opt/.packing"
      return 0
    fi
    check_room "$releases" "$(($(du -sk "$from" | cut -f1) + 65536))"
    cp -a "$from/." "$making/"
    rm -rf "$opt/.packing"
  elif [ -f "$1" ]; then
    if [ -f "$1.sha256" ]; then
      [ "$(cut -d' ' -f1 <"$1.sha256")" = "$(sha256sum <"$1" | cut -d' ' -f1)" ] ||
        fail install.release-damaged "$1" "its checksum is not that of $1.sha256"
    fi
    check_room "$releases" "$(($(du -sk "$1" | cut -f1) * 5))"
    tar -xzf "$1" -C "$making" --strip-components=1 --no-same-owner --no-same-permissions 2>/dev/null ||
      fail install.release-damaged "$1" "is no tarball, or was cut off"
  else
    fail install.release-damaged "$1" "not there"
  fi
  version=$(version_of "$making" 2>/dev/null || true)
  [ -n "$version" ] || fail install.release-damaged "$1" "no version in package.json"
  (cd "$making" && sha256sum --quiet -c files.sha256 >&2) || fail install.release-damaged "$1" "checksums differ"
  name_release
}

# The release here that has the very files of that folder; nothing when none has.
same_release() {
  for known in "$releases"/*; do
    if cmp -s "$1/files.sha256" "$known/files.sha256"; then basename "$known" && break; fi
  done
  return 0
}

# The version; where that name stands for other files, the version and a mark of these.
name_release() {
  release=$version
  if [ -d "$releases/$release" ] && ! cmp -s "$making/files.sha256" "$releases/$release/files.sha256"; then
    release="$version+$(sha256sum <"$making/files.sha256" | cut -c1-8)"
  fi
  if [ -d "$releases/$release" ]; then
    rm -rf "$making"
    return 0
  fi
  own root:root "$making"
  chmod -R u=rwX,go=rX "$making"
  settle_disk "$making"
  mv "$making" "$releases/$release"
  settle_disk "$releases"
}

check_release() {
  in_root && [ -z "$systemctl" ] && return 0
  told=$(program "$1" --version 2>&1) || fail install.release-unusable "$releases/$1" "$(echo "$told" | head -n 1)"
}

# The configuration in force must be good for it, before anything is changed.
check_configuration() {
  in_root && [ -z "$systemctl" ] && return 0
  for role in $(roles); do
    [ "$role" = edge ] || continue
    for file in "$data/edge/site.yaml" "$etc/site.yaml"; do
      [ -f "$file" ] || continue
      accepts "$1" "$file" || fail install.configuration-refused "$file" "refused by $1"
      # The one in the data folder is the truth, the other has seeded it.
      break
    done
  done
}

# accepts RELEASE FILE: what it minds is shown.
accepts() {
  told=$(program "$1" config check "$2" 2>&1) && return 0
  printf '%s\n' "$told" >&2
  return 1
}

point_to() {
  ln -sfn "releases/$1" "$opt/current.new"
  mv -fT "$opt/current.new" "$opt/current"
  settle_disk "$opt"
}

put_units() { # put_units RELEASE ROLE...
  from="$releases/$1/scripts/systemd"
  shift
  mkdir -p "$units/multi-user.target.wants"
  for role in "$@"; do
    write_whole "$units/portcullis-$role.service" 644 <"$from/portcullis-$role.service"
    mkdir -p "$units/portcullis-$role.service.d"
    if [ "$(systemd_version)" -ge 254 ]; then
      write_whole "$units/portcullis-$role.service.d/back-off.conf" 644 <"$from/back-off.conf"
    fi
    ln -sfn "../portcullis-$role.service" "$units/multi-user.target.wants/portcullis-$role.service"
  done
  write_whole "$units/portcullis-return.service" 644 <"$from/portcullis-return.service"
  ln -sfn ../portcullis-return.service "$units/multi-user.target.wants/portcullis-return.service"
  case " $* " in *" edge "*)
    mkdir -p "$root/etc/systemd/system.conf.d"
    write_whole "$root/etc/systemd/system.conf.d/portcullis-watchdog.conf" 644 <"$from/portcullis-watchdog.conf"
    ;;
  esac
  tell_systemd daemon-reload
}
systemd_version() {
  found=$(systemctl --version 2>/dev/null | awk 'NR == 1 { print $2 }')
  in_root && found=$(chroot "$root" systemctl --version 2>/dev/null | awk 'NR == 1 { print $2 }')
  echo "${found:-0}"
}

# This script as of a release that has proved itself: it must be able to go back when a newer one cannot.
put_installer() {
  write_whole "$opt/install.sh" 755 <"$releases/$1/scripts/install.sh"
  mkdir -p "$root/usr/local/bin"
  write_whole "$root/usr/local/bin/portcullis" 755 <<'TEXT'
#!/bin/sh
exec /opt/portcullis/current/bin/node /opt/portcullis/current/.build/scripts/portcullis.js "$@"
TEXT
}

drop_old_releases() {
  keep=" $1 $2 "
  count=2
  # shellcheck disable=SC2012
  for name in $(ls -t "$releases"); do
    case $keep in *" $name "*) continue ;; esac
    count=$((count + 1))
    [ "$count" -le "$releases_kept" ] || rm -rf "${releases:?}/$name"
  done
}

# ---- health

box_id() { sed -n 's/^PORTCULLIS_EDGE=//p' "$etc/edge.env" | tr -d '"' | head -n 1; }

is_healthy() { # is_healthy RELEASE: asked by that release's program, whichever one runs.
  for role in $(roles); do
    tell_systemd is-active --quiet "portcullis-$role" || return 1
    if [ "$role" = edge ]; then
      program "$1" health edge --config "$etc/site.yaml" --edge "$(box_id)" --data "$data/edge" >/dev/null 2>&1 || return 1
    else
      program "$1" health hub --config "$etc/hub.yaml" >/dev/null 2>&1 || return 1
    fi
  done
}

wait_healthy() { # wait_healthy RELEASE: so many good looks in a row, within the limit.
  until=$(($(uptime_s) + healthy_within_s))
  good=0
  say "Waiting until it is healthy, at most $healthy_within_s s ..." "等待服务正常，最多 $healthy_within_s 秒……"
  while [ "$(uptime_s)" -lt "$until" ]; do
    if is_healthy "$1"; then good=$((good + 1)); else good=0; fi
    [ "$good" -lt "$healthy_looks" ] || return 0
    sleep "$look_every_s"
  done
  return 1
}
uptime_s() { cut -d. -f1 /proc/uptime; }

restart_all() {
  for role in $(roles); do tell_systemd restart --no-block "portcullis-$role"; done
}
stop_all() {
  for role in $(roles); do tell_systemd stop "portcullis-$role" || true; done
}

# ---- what a newer release may rewrite and an older one must read again
# Journals only grow, keep records of types that they do not know, and are never taken back: the hub would see a fork. Keys and
# certificates are renewed with others who know of it, so they are never taken back either.

box_files="site.yaml book.json book.json.old"

keep_data() { # keep_data OLD
  rm -rf "$kept"
  mkdir -p "$kept"
  chmod 700 "$kept"
  for role in $(roles); do
    if [ "$role" = edge ]; then
      mkdir -p "$kept/edge"
      for file in $box_files; do
        if [ -f "$data/edge/$file" ]; then cp -p "$data/edge/$file" "$kept/edge/" || fail install.no-backup "$kept" "$file"; fi
      done
    elif [ -f "$data/hub/ledger.sqlite" ]; then
      check_room "$data" "$(($(du -sk "$data/hub" | cut -f1) + 65536))"
      own portcullis:portcullis "$kept"
      as_user "$releases/$1/bin/node" "$releases/$1/.build/scripts/portcullis.js" backup --data "$data/hub" --out "$kept/hub" >&2 ||
        fail install.no-backup "$data/hub" "the ledger"
    fi
  done
  settle_disk "$data"
}

give_back_data() { # give_back_data OLD NEW
  for role in $(roles); do
    if [ "$role" = edge ]; then give_back_box "$@"; else give_back_ledger "$@"; fi
  done
  settle_disk "$data"
}

give_back_box() {
  [ -d "$kept/edge" ] || return 0
  for file in $box_files; do
    cmp -s "$kept/edge/$file" "$data/edge/$file" && continue
    # A revision that somebody applied meanwhile stays, if the old release takes it.
    [ "$file" = site.yaml ] && [ -f "$data/edge/$file" ] && accepts "$1" "$data/edge/$file" && continue
    [ -f "$data/edge/$file" ] && mv -f "$data/edge/$file" "$data/edge/$file.of-$2"
    [ -f "$kept/edge/$file" ] || continue
    cp -p "$kept/edge/$file" "$data/edge/$file.new"
    settle_disk "$data/edge/$file.new"
    mv -f "$data/edge/$file.new" "$data/edge/$file"
  done
}

# Columns that were added do no harm; a ledger of another version cannot be opened. Boxes send again what came since.
give_back_ledger() {
  [ -d "$kept/hub" ] || return 0
  [ "$(ledger_version "$1" "$data/hub/ledger.sqlite")" = "$(ledger_version "$1" "$kept/hub/ledger.sqlite")" ] && return 0
  rm -rf "$kept/restored"
  as_user "$releases/$1/bin/node" "$releases/$1/.build/scripts/portcullis.js" restore --from "$kept/hub" --data "$kept/restored" >&2
  for part in -wal -shm ""; do
    [ -f "$data/hub/ledger.sqlite$part" ] && mv -f "$data/hub/ledger.sqlite$part" "$data/hub/ledger.of-$2.sqlite$part"
  done
  mv -f "$kept/restored/ledger.sqlite" "$data/hub/ledger.sqlite"
}
ledger_version() {
  (cd "$releases/$1" && as_user bin/node -p "require('better-sqlite3')(process.argv[1], { readonly: true }).pragma('user_version', { simple: true })" "$2") 2>/dev/null || echo unreadable
}

# ---- upgrade and return

upgrade() {
  old=$(current_release)
  [ -n "$old" ] || fail install.not-installed "$opt" "no current release"
  finish_pending
  old=$(current_release)
  put_release "$1"
  if [ "$release" = "$old" ]; then
    say "Release $old is in force already." "当前已是 $old。"
    return 0
  fi
  check_release "$release"
  check_configuration "$release"
  keep_data "$old"
  printf 'old=%s\nnew=%s\n' "$old" "$release" | write_whole "$opt/upgrading" 644
  return_later
  # shellcheck disable=SC2046
  put_units "$release" $(roles)
  point_to "$release"
  restart_all
  if [ -z "$systemctl" ] || wait_healthy "$old"; then
    rm -f "$opt/upgrading"
    settle_disk "$opt"
    put_installer "$release"
    rm -rf "$kept"
    drop_old_releases "$release" "$old"
    say "Release $release is in force; $old is kept." "已升级到 $release，保留 $old。"
    return 0
  fi
  go_back
  fail install.returned "$release" "not healthy within $healthy_within_s s; $old is in force" 3
}

# Even if this script is killed and the machine stays up.
return_later() {
  [ "$systemctl" = systemctl ] || return 0
  systemd-run --quiet --collect --on-active="$((healthy_within_s * 2))" /bin/sh "$opt/install.sh" --return >/dev/null 2>&1 || true
}

# The old release in force again, with what it needs. May be cut off and begun anew.
go_back() {
  old=$(sed -n 's/^old=//p' "$opt/upgrading")
  new=$(sed -n 's/^new=//p' "$opt/upgrading")
  # At a start of the machine none runs yet, and a stop would take back that they are to be started.
  [ "$at_boot" = yes ] || stop_all
  # shellcheck disable=SC2046
  put_units "$old" $(roles)
  point_to "$old"
  give_back_data "$old" "$new"
  rm -f "$opt/upgrading"
  settle_disk "$opt"
  [ "$at_boot" = yes ] || restart_all
  say "Release $old is in force again." "已恢复 $old。"
}

finish_pending() {
  [ -f "$opt/upgrading" ] || return 0
  say "An earlier upgrade was not confirmed." "上一次升级未确认。"
  go_back
}

# ---- install, uninstall

# Whatever can be refused is refused before anything is changed.
check_call() {
  file="$etc/$([ "$role" = edge ] && echo site || echo hub).yaml"
  if [ ! -f "$file" ]; then
    [ -n "$config" ] || fail install.no-configuration "$file" "not there, and no --config"
    [ -f "$config" ] || fail install.no-configuration "$config" "not there"
  fi
  [ "$role" = edge ] || return 0
  [ -n "$box" ] || [ -f "$etc/edge.env" ] || fail install.no-configuration "$etc/edge.env" "not there, and no --id"
  case $box in *[!A-Za-z0-9._-]*) fail install.usage --id "$box" ;; esac
}

install_role() {
  check_call
  finish_pending
  before=" $(roles | tr '\n' ' ')"
  make_user "$role"
  mkdir -p "$releases" "$etc" "$data/$role"
  present=$(current_release)
  here=$(dirname "$(dirname "$script")")
  [ -f "$here/package.json" ] || here="$releases/$present"
  if [ -n "$present" ] && [ -n "$(roles)" ] && [ -n "$systemctl" ]; then
    upgrade "$here"
  else
    put_release "$here"
    check_release "$release"
    point_to "$release"
  fi
  release=$(current_release)
  put_configuration
  # shellcheck disable=SC2046
  put_units "$release" $(printf '%s\n' "$role" $(roles) | sort -u)
  put_installer "$release"
  own root:portcullis "$etc"
  own portcullis:portcullis "$data"
  chmod 750 "$etc" "$data"
  chmod 700 "$data/$role"
  start_role
}

put_configuration() {
  file="$etc/$([ "$role" = edge ] && echo site || echo hub).yaml"
  if [ -f "$file" ] && [ -n "$config" ] && ! cmp -s "$file" "$config"; then
    say "$file stays as it is; a running box takes a new one by: portcullis apply" "$file 保持不变；运行中的主机请用 portcullis apply 下发。"
  elif [ ! -f "$file" ]; then
    if [ "$role" = edge ] && ! { in_root && [ -z "$systemctl" ]; }; then
      accepts "$release" "$config" || fail install.configuration-refused "$config" "refused by $release"
    fi
    write_whole "$file" 640 <"$config"
  fi
  [ "$role" = edge ] || return 0
  mkdir -p "$etc/keys"
  chmod 700 "$etc/keys"
  if [ -n "$box" ]; then
    others=$(grep -v '^PORTCULLIS_EDGE=' "$etc/edge.env" 2>/dev/null || true)
    printf '%s\n' ${others:+"$others"} "PORTCULLIS_EDGE=$box" | write_whole "$etc/edge.env" 600
  fi
}

start_role() {
  own portcullis:portcullis "$etc/keys" 2>/dev/null || true
  if [ "$role" = hub ] && [ ! -d "$data/hub/pki" ] && ! grep -q '^existingBroker:' "$etc/hub.yaml"; then
    say "Make the hub's keys, then start it: portcullis keys hub --data /var/lib/portcullis/hub --host NAME (as portcullis)" \
      "请先以 portcullis 用户生成平台密钥再启动：portcullis keys hub --data /var/lib/portcullis/hub --host 主机名"
    return 0
  fi
  if [ -z "$systemctl" ] || [ "$start" = no ]; then
    say "Installed release $release." "已安装 $release。"
    return 0
  fi
  # What runs already, in the release and with the name that it had, is left alone.
  case $before in *" $role "*)
    if [ -z "$box" ] && tell_systemd is-active --quiet "portcullis-$role"; then return 0; fi
    ;;
  esac
  # For the machine's watchdog.
  [ "$role" = edge ] && tell_systemd daemon-reexec
  tell_systemd restart --no-block "portcullis-$role"
  wait_healthy "$release" || fail install.not-healthy "portcullis-$role" "not within $healthy_within_s s" 3
  say "Release $release is installed and healthy." "$release 已安装，运行正常。"
}

uninstall() {
  for role in $(roles); do
    tell_systemd stop "portcullis-$role" || true
    rm -rf "$units/portcullis-$role.service" "$units/portcullis-$role.service.d" "$units/multi-user.target.wants/portcullis-$role.service"
  done
  rm -f "$units/portcullis-return.service" "$units/multi-user.target.wants/portcullis-return.service" \
    "$root/etc/systemd/system.conf.d/portcullis-watchdog.conf" "$root/usr/local/bin/portcullis"
  tell_systemd daemon-reload
  rm -rf "$opt"
  if [ "$purge" = yes ]; then
    rm -rf "$etc"
    # The folder itself may be where a partition is mounted.
    find "$data" -mindepth 1 -delete 2>/dev/null || true
    rmdir "$data" 2>/dev/null || true
    if has_passwd && [ -n "$(id_of passwd portcullis)" ]; then
      # shellcheck disable=SC2046
      userdel $(in_root && echo "--prefix $root") portcullis 2>/dev/null || true
    fi
    say "Removed, with configuration and data." "已卸载，并删除配置与数据。"
  else
    say "Removed. Configuration is kept in $etc, data in $data." "已卸载；配置保留在 $etc，数据保留在 $data。"
  fi
}

status() {
  echo "current: $(current_release)"
  [ -f "$opt/upgrading" ] && sed 's/^/upgrading: /' "$opt/upgrading"
  ls "$releases"
}

# ---- the call

script=$(readlink -f "$0")
act="" role="" box="" config="" root="" systemctl="" target="" start=yes purge=no at_boot=no
value() { [ $# -ge 2 ] && [ -n "$2" ] || fail install.usage "$1" "needs a value"; }
while [ $# -gt 0 ]; do
  case $1 in
  edge | hub) act=install role=$1 ;;
  --upgrade) value "$@"; act=upgrade target=$(readlink -m "$2"); shift ;;
  --return) act=return ;;
  --uninstall) act=uninstall ;;
  --status) act=status ;;
  --id) value "$@"; box=$2; shift ;;
  --config) value "$@"; config=$(readlink -m "$2"); shift ;;
  --root) value "$@"; root=$(readlink -m "$2"); shift ;;
  --systemctl) value "$@"; systemctl=$2; shift ;;
  --within) value "$@"; healthy_within_s=$2; shift ;;
  --looks) value "$@"; healthy_looks=$2; shift ;;
  --no-start) start=no ;;
  --purge) purge=yes ;;
  --at-boot) at_boot=yes ;;
  --help) usage; exit 0 ;;
  *) fail install.usage "$1" "unknown" ;;
  esac
  shift
done
exec 3>&1
cd /
[ -n "$act" ] || { usage >&2; exit 1; }
for number in "$healthy_within_s" "$healthy_looks"; do
  case $number in '' | *[!0-9]*) fail install.usage "$number" "is no number" ;; esac
done
[ "$root" = / ] && root=""
if [ -z "$root" ] && [ -z "$systemctl" ]; then systemctl=systemctl; fi
opt="$root/opt/portcullis"
etc="$root/etc/portcullis"
data="$root/var/lib/portcullis"
units="$root/etc/systemd/system"
releases="$opt/releases"
kept="$data/upgrade-kept"

check_system
case $act in
install) lock; install_role ;;
upgrade) lock; upgrade "$target" ;;
return) [ -f "$opt/upgrading" ] || exit 0; lock; finish_pending ;;
uninstall) lock; uninstall ;;
status) status ;;
esac

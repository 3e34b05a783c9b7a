# Denies an account to the SSH server, allows it again, or looks. Arguments: look, deny or allow; the
# account; the main file; the folder of further files; the file with the server's process; the command that
# reloads it, if any. Code 3: refused, and nothing was changed.
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin; export PATH
part=$1 user=$2 config=$3 folder=$4 pid_file=$5
shift 5
file=$folder/00-cordon-$user.conf

refuse() { echo "$1" >&2; exit 3; }

sessions() {
  ps -eo pid=,lstart=,args= |
    awk -v user="$user" '($7 == "sshd:" || $7 == "sshd-session:") && ($8 == user || index($8, user "@") == 1)'
}

denied() { sshd -T -f "$config" 2>/dev/null | grep -qixF "denyusers $user"; }

reload() {
  if [ $# -gt 0 ]; then "$@" >&2; else kill -HUP "$(cat "$pid_file")"; fi
}

case $part in
look)
  sshd -t -f "$config" || { echo "the server's configuration cannot be read" >&2; exit 1; }
  if [ -e "$file" ]; then echo "file yes"; else echo "file no"; fi
  if denied; then echo "denied yes"; else echo "denied no"; fi
  sessions | sed 's/^ */session /'
  ;;
deny)
  [ -d "$folder" ] || refuse "there is no folder $folder"
  if ! { [ -e "$file" ] && denied; }; then
    printf '# Set by Cordon, which takes it away again.\nDenyUsers %s\n' "$user" >"$file.new" || refuse "cannot write $file.new"
    mv "$file.new" "$file" || refuse "cannot write $file"
    if ! sshd -t -f "$config"; then rm -f "$file"; refuse "the server would not start with $file"; fi
    if ! denied; then rm -f "$file"; refuse "$config does not include $folder"; fi
  fi
  reload "$@" || { echo "the server could not be reloaded" >&2; exit 1; }
  # One that was let in just before the reload is found by a later round.
  for round in 1 2 3 4; do
    sessions | awk '{ print $1 }' | xargs -r kill
    sleep 0.1
  done
  sessions | awk '{ print $1 }' | xargs -r kill -KILL
  ;;
allow)
  if [ -e "$file" ]; then
    rm -f "$file" || refuse "cannot remove $file"
  fi
  reload "$@" || { echo "the server could not be reloaded" >&2; exit 1; }
  ;;
*)
  refuse "no part $part"
  ;;
esac
exit 0

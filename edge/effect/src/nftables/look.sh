# Tells how the table of a cut stands, one thing a line. Arguments: the table; `capture` to tell also of what speaks
# against a cut, and of connections that it would end; whose; and SSH_CONNECTION, if there is one.
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin; export PATH
table=$1 part=$2 from=$3 ends=$4

told() { key=$1; shift; text=$("$@") || exit 1; printf '%s %s\n' "$key" "$text"; }

tables=$(nft -j list tables) || exit 1
case $tables in
*"\"$table\""*) told table nft -j list table inet "$table" ;;
*) echo "table absent" ;;
esac
if [ "$part" = capture ]; then
  printf 'ends %s\n' "$ends"
  told flowtables nft -j list flowtables
  if command -v conntrack >/dev/null; then
    conntrack -L -s "$from" 2>/dev/null | sed 's/^/connection /'
  else
    echo "untold conntrack is not installed"
  fi
fi
exit 0

# omniEvents beside a naming service: sh server.sh PORT DIR FARCALL
set -e
events=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
names=corbaloc:iiop:1.2@127.0.0.1:$1/NameService
mkdir -p "$2/events"
# the harness waits until the naming service listens, and a call until the name is bound
(
    until "$3" names ls --at "$names" >/dev/null 2>&1; do sleep 0.1; done
    omniEvents -f -p "$events" -l "$2/events" -ORBInitRef "NameService=$names" &
    until "$3" names resolve EventChannelFactory --at "$names" >/dev/null 2>&1; do sleep 0.1; done
    eventc -ORBInitRef "NameService=$names"
    wait
) &
exec "$3" names serve --listen "127.0.0.1:$1" --file "$2/theirs.redb"

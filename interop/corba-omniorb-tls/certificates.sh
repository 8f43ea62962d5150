# Makes in the directory $1 what both sides show of themselves: `peer` and `ours`, of the authority
# `ca`; and `stranger`, whose authority `other` is trusted by nobody.
set -e
cd "$1"

authority() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem"
}

# certificate NAME AUTHORITY: NAME.crt, NAME.key, and NAME.pem with both, as omniORB wants them
certificate() {
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n' > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.crt"
  cat "$1.crt" "$1.key" > "$1.pem"
}

authority ca
authority other
certificate peer ca
certificate ours ca
certificate stranger other

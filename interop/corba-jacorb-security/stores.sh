# Makes in the directory $1 the certificates of ../corba-omniorb-tls/certificates.sh, and of them what Java
# reads: `peer.p12`, `stranger.p12`, and `ca.p12` and `other.p12` with whom to trust.
set -e
sh ../corba-omniorb-tls/certificates.sh "$1"
cd "$1"
for name in peer stranger; do
  openssl pkcs12 -export -in $name.crt -inkey $name.key -name $name -passout pass:secret -out $name.p12
done
for name in ca other; do
  keytool -importcert -noprompt -alias $name -file $name.pem -keystore $name.p12 -storetype PKCS12 -storepass secret
done

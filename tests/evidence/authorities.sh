# Authorities of the tests' own, made with the openssl program: they issue certificates to people and
# stamp time. Sourced in the folder where their files shall lie.
# shellcheck shell=sh

# authority NAME FROM TO: NAME.pem, and what it takes to issue.
authority() {
    mkdir "$1.ca" && : > "$1.ca/index" && echo 01 > "$1.ca/serial" || return 1
    cat > "$1.ca/conf" <<END
[ca]
default_ca = here
[here]
dir = .
database = $1.ca/index
serial = $1.ca/serial
new_certs_dir = $1.ca
certificate = $1.pem
private_key = $1.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[person]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = emailProtection
[odd]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = emailProtection
1.2.3.4.5 = DER:30:0b:06:09:60:86:48:01:65:03:04:02:01
[stamp]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here_tsa
[here_tsa]
serial = $1.ca/stamps
signer_digest = sha256
digests = sha256
default_policy = 1.2.3.4.1
clock_precision_digits = 0
ess_cert_id_alg = sha256
END
    openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -utf8 -subj "/CN=Root $1" \
        -config "$1.ca/conf" 2> /dev/null &&
        openssl ca -batch -selfsign -config "$1.ca/conf" -extensions root -keyfile "$1.key" \
            -in "$1.csr" -out "$1.pem" -startdate "$2" -enddate "$3" -notext 2> /dev/null
}
# issue AUTHORITY NAME SUBJECT KIND FROM TO [KEY-OPTION...]: NAME.pem and NAME.key.
issue() {
    by=$1 name=$2 subject=$3 kind=$4 from=$5 to=$6
    shift 6
    [ $# -gt 0 ] || set -- -newkey rsa:2048
    openssl req -new "$@" -nodes -keyout "$name.key" -out "$name.csr" -utf8 -subj "/CN=$subject" \
        -config "$by.ca/conf" 2> /dev/null &&
        openssl ca -batch -utf8 -config "$by.ca/conf" -extensions "$kind" -in "$name.csr" \
            -out "$name.pem" -startdate "$from" -enddate "$to" -notext 2> /dev/null
}
# answer AUTHORITY STAMPER QUERY REPLY: now, as the clock of this machine has it.
answer() {
    openssl ts -reply -config "$1.ca/conf" -section here_tsa -queryfile "$3" -signer "$2.pem" \
        -inkey "$2.key" -chain "$1.pem" -out "$4" 2> /dev/null
}

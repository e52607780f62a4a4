# A named input that is not there: the others are still printed, then exit 2.
printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -s 192.0.2.0/24 -j ACCEPT\nCOMMIT\n' >a.rules
fwproof parse a.rules missing.rules

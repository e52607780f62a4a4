# 2026-07-05 10:11:12 by RouterOS 7.15.3
/interface wireless security-profiles
set [ find default=yes ] wpa-pre-shared-key=PlantedSecret01 wpa2-pre-shared-key="PlantedSecret02"
/interface wifi security
add name=s passphrase=PlantedSecret03
/interface wireguard
add name=wg private-key="PlantedSecret04"
/interface wireguard peers
add interface=wg preshared-key="PlantedSec\
    ret05" public-key="abc"
/interface l2tp-client
add connect-to=192.0.2.9 name=l user=u password=PlantedSecret06 ipsec-secret=PlantedSecret07
/ip ipsec identity
add peer=p secret=PlantedSecret08
/ppp secret
add name=u password="PlantedSecret\
    09"
/radius
add address=192.0.2.20 secret=PlantedSecret10 service=login
/routing ospf interface-template
add auth-key=PlantedSecret11 authentication-key=PlantedSecret12
/snmp community
set [ find default=yes ] name=PlantedCommunity1313
add authentication-password=PlantedSecret14 encryption-password=PlantedSecret15 name=PlantedCommunity1616
/system ntp key
add key=PlantedSecret17 key-id=1
/tool e-mail
set password=PlantedSecret18
/user
add group=full name=ops password=PlantedSecret19
/ip firewall filter
add action=drop chain=input
/wonder
add password=PlantedSecret20 what=1
add password=PlantedSecret21 what=1
add secret=PlantedSecret22
add api-key=PlantedSecret23
/ppp secret
add name=a password=PlantedSecret24
add name=b password=PlantedSecret25
add name=c password=PlantedSecret26
add name=u27 password=PlantedSecret27
add name=u28 password=PlantedSecret28
add name=u29 password=PlantedSecret29
add name=u30 password=PlantedSecret30
add name=u31 password=PlantedSecret31
add name=u32 password=PlantedSecret32

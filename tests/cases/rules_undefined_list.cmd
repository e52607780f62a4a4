# A list that is applied and not there: Cisco IOS then lets everything through.
printf 'hostname edge\ninterface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\n ip access-group GONE in\n' >edge.cfg
fwproof rules --quiet --format cisco-ios --checks RUL-008 edge.cfg
printf 'ASA Version 9.1(2)\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\naccess-group GONE in interface outside\n' >asa.cfg
fwproof rules --quiet --format cisco-asa --checks RUL-008 asa.cfg

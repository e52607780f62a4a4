# A file of no known format.
echo 'dear diary' >diary.txt
fwproof parse diary.txt

"""Common words that are never taken for a slip of another."""

WORDS = """
about above after again against ahead all also always and another any anything approval approvals approve approved april are around august
availability bad because been before behind being best better between big biggest both bottle bottles bring broke broken build can cause
caused causes change changed changeover cheap check compare compared cost costs could count crew crews current currently customer damage
date day days december decide decided delay deliver delivery did does doing done down downtime drop dropped due during each earlier early
effect effectiveness else equipment error evening event ever every everything expensive explain fail failed failure fast fault february few
figure figures fill find finish finished first fix fixed following for forward friday from get good great had handover happen happened
happening happens has have hello help her here high him his history hold hour hours how idle improve improvement inspect its january joke
july june just keep know last late later least left less let line lines list long look lose losing loss losses lost lot low machine machines
maintenance make making many march material may mean means minute minutes monday month more morning most mostly move much need needed never
new next night none not note notes nothing november now number october oee off one open opened operator order ordered orders other our out
output over own part parts past pending per performance period person pieces place plan planned please point postpone problem problems
produce produced product production products proposal proposals push put quality quantity question ran rate really reason reasons recommend
record red reject rejects repair repaired repairs replace report reschedule result right risk rough route run running runs same saturday
save saw say schedule scrap seconds see seen send september set seven several shall she shift shifts short should show side similar since
six slow slower solve some soon speed spent stand standing stands start started state status still stock stop stopped stopping stops store
suggest summarise summarize summary sunday swap take target task tasks technician tell ten than thank thanks that the their them then there
these they thing things think this those through throughput thursday time times today together tomorrow tonight too took top trend trouble
try tuesday turn two under until update use used using value very wait waiting was waste water way wednesday week weeks well were what when
where which while who whole why will window with without word words work worked working worse worst would write wrong year yes yesterday yet
yield you your
"""
LEXICON: frozenset[str] = frozenset(WORDS.split())

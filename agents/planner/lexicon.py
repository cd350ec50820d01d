"""Common words that are never taken for a slip of another."""

LEXICON: frozenset[str] = frozenset(
    """
    all and any are can did for get has had her him his how its let lot may new not now off one our out own per put ran red run saw
    say see set she six ten the top try two use was way who why yes yet you oee joke and day had too low bad big few
    about above after again against ahead also always another anything approve approved approval approvals around because been before
    behind being best better between biggest both bottle bottles bring broke broken build cause caused causes change changed changeover
    check cheap compare compared cost costs could count crew crews current currently customer damage date days decide decided delay
    deliver delivery does doing done down downtime drop dropped due during early each earlier effect else equipment error evening event
    ever every everything expensive explain fail failed failure fast fault figure figures fill find finish finished first fix fixed
    following forward from good great handover happen happened happening happens have hello help here high history hold hour hours
    idle improve improvement inspect just keep know last late later least left less line lines list long look lose losing loss losses
    lost machine machines maintenance make making many material mean means minute minutes month more morning most mostly move much need
    needed never next night none note notes nothing number open opened operator order ordered orders other output over part parts past
    pending performance period person pieces place plan planned please point postpone problem problems produce produced product production
    products proposal proposals push quality quantity question rate really reason reasons recommend record reject rejects repair repaired
    repairs replace report reschedule result right risk rough route running runs same save schedule scrap seconds seen send seven several
    shall shift shifts short should show side similar since slow slower solve some soon speed spent stand standing stands start started
    state status still stock stop stopped stopping stops store suggest summarise summary summarize swap take target task tasks technician
    tell than thank thanks that their them then there these they thing things think this those through throughput time times today
    together tomorrow tonight took trend trouble turn under until update used using value very wait waiting waste water week weeks well
    were what when where which while whole will with without word words work worked working worse worst would write wrong year yesterday
    yield your monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
    november december window product equipment loss order availability effectiveness
    """.split()
)

"""The words we understand, in English and Chinese.

Whole replies are looked up as `spelling.bare` leaves them with the spaces taken out, so each is written here in
lower case, simplified characters and without spaces. A word too many does harm (we would hear what was not
said), a word too few only asks once more: so these lists are short. `URGENT` is the one that prefers a false
alarm, and the one an installation may edit: there words are written as people write them.
"""

from typing import Final


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SATISFACTION: Final[dict[int, str]] = {
    5: """
        verysatisfied completelysatisfied extremelysatisfied totallysatisfied fullysatisfied
        非常满意 很满意 十分满意 特别满意 极满意 极其满意 完全满意 超满意 超级满意
    """,
    4: "satisfied 满意 比较满意 挺满意",
    3: """
        neutral neithersatisfiednordissatisfied neithersatisfiednorunsatisfied
        一般 一般般 还行 还可以 还好 普通 中立 马马虎虎
    """,
    2: "dissatisfied unsatisfied notsatisfied 不满意 不太满意 不怎么满意 不够满意 不大满意 比较不满意",
    1: """
        verydissatisfied veryunsatisfied completelydissatisfied extremelydissatisfied totallydissatisfied
        notatallsatisfied notsatisfiedatall 非常不满意 很不满意 十分不满意 特别不满意 极不满意 极其不满意 完全不满意
        一点都不满意 一点也不满意 超不满意
    """,
}
SATISFACTION: Final = {word: value for value, listed in _SATISFACTION.items() for word in _words(listed)}
"""Satisfaction in words, on a scale from 1 to 5."""

SPEAKERS: Final = ("iam", "i'm", "weare", "we're", "我们", "我", "感觉", "觉得")
"""What may stand before a satisfaction word without changing it."""

PARTICLES: Final = "吧啊呀哦啦呢了的"
"""What may stand after a Chinese reply without changing it."""

YES: Final = _words("""
    yes y yeah yep yup sure ofcourse certainly absolutely definitely indeed correct right true ok okay yesplease
    yesitis yes,itis yesitwas yes,itwas itwas yesitdid yes,itdid yesidid yes,idid yesihave yes,ihave itis itdid
    是 是的 是啊 对 对的 对啊 对呀 没错 正确 好 好的 好啊 好呀 可以 可以的 行 行的 当然 当然可以 要 需要 有 有的
    嗯 嗯嗯 恩 会 会的 能 愿意 解决了 已解决 已经解决 已经解决了 都解决了 没问题 👍 ✅ ✔ 👌 ☑
""")
NO: Final = _words("""
    no n nope nah nothanks no,thanks nothankyou no,thankyou noway notreally notyet notatall never incorrect wrong false
    noitisnot noitisn't no,itisn't noitwasnot noitwasn't no,itwasn't itwasnot itwasn't
    noitdidn't no,itdidn't noididn't no,ididn't
    否 不 不是 不是的 不对 不行 不可以 不能 不好 不要 不用 不用了 不需要 不会 不愿意 没 没有 没有的 还没 还没有 未 无
    不了 没解决 没有解决 未解决 尚未解决 还没解决 还没有解决 👎 ❌ ✖
""")

PUT_RIGHT: Final = YES | _words("""
    fixed itisfixed it'sfixed itsfixed allfixed fixednow allgood allgoodnow allgood,thanks sorted allsorted solved
    itworks itworksnow itworksagain resolved itisputright it'sputright putright yesthanks yes,thanks yesthankyou
    yes,thankyou
    修好了 已修好 已经修好了 好了 都好了 已经好了 弄好了 处理好了 已处理 搞定了 没问题了 可以了 已补上
    补上了 補上了 收到了
    解决了谢谢 解决了,谢谢 好了谢谢 好了,谢谢
""")
STILL_WRONG: Final = NO | _words("""
    stillbroken it'sstillbroken itisstillbroken notfixed it'snotfixed itisnotfixed notsolved notresolved notputright
    stillnot stillnotfixed stillthesame stillwrong nothinghappened nothing nobodycame nobodycalled noonecame noonecalled
    没修好 还没修好 没有修好 没好 还没好 还没弄好 没弄好 没处理 还没处理 没人处理 没人联系 没人联系我 没人来
    还是坏的 还是壞的
    还是不行 还是老样子 还是一样 依然没解决 仍未解决 没收到 还没收到
""")
"""What people type when they are asked whether it was put right; to another question it might mean the opposite."""

AGREE: Final = _words("""
    yes y yeah yep sure ofcourse ok okay yesplease iagree agree agreed iaccept accept accepted iconsent consent
    yesiagree yes,iagree yesiconsent yes,iconsent
    同意 我同意 是 是的 好 好的 可以 行 当然 当然可以 接受 我接受 愿意 我愿意 没问题 👍 ✅ ✔ ☑
""")
DECLINE: Final = _words("""
    no n nope nah nothanks no,thanks nothankyou no,thankyou idonotagree idon'tagree idontagree disagree idisagree
    notagreed decline idecline declined irefuse refuse idonotconsent idon'tconsent idonotaccept idon'taccept
    不同意 我不同意 不 不是 不行 不可以 不要 不用 不用了 不接受 我不接受 拒绝 我拒绝 不愿意 我不愿意 否 👎 ❌ ✖
""")

STOP: Final = _words("""
    stop /stop stopit stopplease pleasestop stopallmessages stopmessagingme stopmessages stopsendingmemessages
    stoptextingme stopaskingme pleasestopmessagingme don'tmessageme don'tmessagemeagain nomoremessages unsubscribe
    unsubscribeme pleaseunsubscribeme optout opt-out removeme leavemealone td
    退订 我要退订 取消订阅 停止 停止发送 停止订阅 别发了 别再发了 不要发了 不要再发了 请不要再发了 请别再发了 请勿再发
    勿再发 不要再传了 别再传了 请不要再传 请勿再传 不要再传讯息了 别再传讯息了
    别再给我发了 不要再给我发了 别再发消息了 不要再发消息了 别再发讯息了 不要再发讯息了 别再问了 不要再问了
    别烦我 不要打扰 请勿打扰 别打扰我 拒收
""")

THANKS_FIRST: Final = (
    "okay|ok|great|good|perfect|lovely|nice|wonderful|alright|allgood|yes|oh|hi|hello|"
    "好的|好滴|好|嗯嗯|嗯|哦|收到|可以|行|知道了|明白了|明白|了解|没事|非常|十分|太|真的|真是|真|很|再次|万分|衷心|那就|那"
)
THANKS: Final = (
    "thankyousomuch|thankyouverymuch|thankyoukindly|thankyou|thanku|thanksalot|thankssomuch|thanksverymuch|"
    "thanksamillion|thanksagain|manythanks|thanks|thanx|thnks|thnx|thx|tks|tysm|ty|cheers|muchappreciated|"
    "iappreciateit|appreciateit|appreciated|"
    "谢谢|多谢晒|多谢|谢啦|谢了|感谢|感激不尽|感激|感恩|谢|辛苦了|辛苦|唔该晒|唔该|3q"
)
THANKS_LAST: Final = (
    "everyone|everybody|all|guys|team|again|bye|too|somuch|foryourhelp|forthehelp|forhelping|foreverything|"
    "您们|你们|大家|老板|您|你|啦|了|哦|啊|呀|喔|的帮助|的帮忙|帮忙|帮助"
)
"""How a mere thank-you is put together: two of the first at most, thanks, two of the last at most."""

THANKFUL_EMOJI: Final = frozenset("👍🙏❤🧡💛💚💙💜💕💖🌹💐🫶🤝🙇")
PLEASED_EMOJI: Final = frozenset("😊😄😁😀🙂☺🥰😍👌🎉💪🌸👏😃😆😘🤗")
"""These say nothing alone; beside a thank-you they are pleased."""

PERSON: Final = _words("""
    human ahuman humanplease ahumanplease person aperson realperson arealperson realpersonplease arealpersonplease
    realhuman humanagent liveagent agent anagent agentplease operator representative staff manager supervisor
    customerservice customersupport callme callmeback contactme someonepleasecallme
    人工 真人 客服 人工客服 人工服务 真人客服 在线客服 客服人员 经理 店长 主管 负责人 有人吗 有人在吗 有没有人
    有真人吗 有人工吗 有客服吗 在线人工
""")
"""Replies that are nothing but the wish for a person."""

_SOMEONE: Final = r"(?:someone|somebody|a person|a human|the manager|a manager|your manager)"
PERSON_ENGLISH: Final = (
    (
        r"(?:talk|speak|chat|connect me|put me through|transfer me) (?:directly )?(?:to|with) "
        r"(?:an? |the |your |some )?(?:real |actual |live |human )?"
        r"(?:human|person|someone|somebody|anyone|anybody|agent|manager|owner|boss|representative|operator|supervisor|"
        r"staff|customer service|customer support|member of staff|human being)"
    ),
    r"(?:want|need|get me|give me|like|prefer) (?:an? |the |your |some )?(?:real|actual|live) (?:human|person|agent)",
    r"(?:want|need|get me|give me|prefer) (?:an? |the |your )?(?:human|manager|supervisor|operator|agent)",
    rf"(?:have|ask|let|get|want|need) {_SOMEONE} (?:to )?(?:call|contact|phone|ring|write to|talk to|speak to|help)",
    rf"(?:can|could|will|would) {_SOMEONE} (?:please )?(?:call|contact|phone|ring|talk to|speak to|help)",
    r"(?:please|can you|could you) (?:call|phone|ring|contact) me",
)
_STAFF: Final = "(?:人工|真人|客服|经理|主管|店长|老板|负责人|领导|专人|专员|活人|工作人员)"
PERSON_CHINESE: Final = (
    rf"(?:转|接|找|要|叫|联系|换|让|请|派)(?:到|一下|一个|一位|个|位|你们的|你们|你的|贵店的?)?{_STAFF}",
    rf"(?:跟|和|与)(?:一个|一位|个|位|你们的|你们)?(?:{_STAFF}|人)(?:说|谈|聊|讲|沟通|通话|对话|交流)",
    r"(?:找|让|叫|派|请)(?:一个|个)?人(?:来|跟我|和我|帮我|给我|联系|联络|处理|打电话)",
    r"(?:请|麻烦|能否|能不能|可以|可不可以|希望|尽快|马上).{0,4}(?:联系我|联络我|给我回|回我电话|打电话给我|给我打)",
)
"""How the wish for a person sounds inside a longer text."""

PERSON_REFUSED: Final = (
    r"(?:don't|dont|do not|didn't|did not|doesn't) (?:want|need|have|like|wish)|no need|needn't|need not|rather not|"
    r"no reason|not necessary|unnecessary"
)
PERSON_REFUSED_CHINESE: Final = ("不", "不用", "不需要", "不想", "不必", "无需", "不要", "没必要", "别", "不用再")
"""What, right before that wish, takes it back."""

STANDS_ENGLISH: Final = (
    r"(?:is there |are there |have you (?:got )?|got )?any (?:news|updates?|progress|answer|reply|result|word)",
    r"any(?:thing|body) (?:new|yet|happening|happened|working on (?:it|this)|there)",
    r"(?:whats|what is|hows|how is|how are) (?:the )?(?:status|state|progress|latest|happening|going on|things?)",
    r"(?:hows|how is) (?:my|the|this|our) (?:case|complaint|request|matter|issue|problem|ticket|refund|repair)",
    r"(?:hows|how is) (?:it|that|this|everything) (?:going|coming along|looking)",
    r"(?:status|update|news)(?: (?:please|update))?\??$",
    (
        r"when (?:will|do|can|am|should) (?:i|we|you|it|this|that|somebody|someone)"
        r" (?:be (?:fixed|solved|ready|done|repaired|here|there|back|told|called|refunded|sorted)|hear|get|know|expect|"
        r"fix|solve|repair|answer|reply|write|come|call|refund)"
    ),
    (
        r"how (?:much )?long(?:er)? (?:will|does|is|must|should|do) (?:it|this|that|i|we)(?: still)?"
        r" (?:take|taking|have to wait|need to wait|wait|last|be)"
    ),
    r"how much longer",
    r"(?:where|how far) are (?:we|you)(?: with| on)?",
    (
        r"(?:has|have|did) (?:anything|something|anybody|anyone|somebody|someone|you) (?:been )?"
        r"(?:happened|done|do|did|read|look|looked|seen|fixed|solved|forgotten|forgot|started)"
    ),
    r"(?:did|have) you forg[eo]t(?:ten)?(?: (?:about )?me)?",
    r"who (?:is|has) (?:looking|working|it|this|my case|dealing|responsible)",
    r"(?:still|am still|im still|we are still) waiting(?: for (?:an? )?(?:answer|reply|news|you))?$",
    r"what (?:happens|is|s) (?:next|now)",
    r"so what now",
)
STANDS_CHINESE: Final = (
    "(?:有|有没有|有啥|有什么)(?:新)?(?:消息|进展|进度|结果|回复|答复|下文|眉目|动静)",
    "(?:进展|进度|情况|状态|结果|处理|办)(?:得|的)?(?:如何|怎样|怎么样|怎么着|咋样|怎麽样|到哪|是什么)",
    "(?:现在|目前|后来|事情|问题|投诉|个案|那件事|这件事)?(?:怎么样了|怎样了|如何了|咋样了|怎么了$)",
    "(?:到哪一步|到哪步|到什么程度|到哪了|到哪里了)",
    "(?:什么时候|何时|啥时候|几时|多久|多长时间|还要多久|要等多久|还要等)(?:才)?(?:能|会|可以|有|给|处理|解决|回复|答复|修|好|等|$|\\?)",
    "(?:处理|解决|修|弄|办|搞)(?:好|完|妥)?(?:了吗|了没有|了没|没有\\?|没\\?)",
    "(?:有人|谁)(?:在)?(?:处理|负责|管|跟进|看)(?:吗|了吗|\\?|$)",
    "(?:怎么|为什么|咋)(?:还)?(?:没|没有)(?:消息|动静|回复|答复|人理|人管|人回)",
    "(?:忘了我|把我忘|忘记我)",
    "(?:人|消息|回复|答复|结果|进度|下文)呢(?:$|\\?)",
    "(?:查|问|了解)(?:一下|下|询)?(?:进度|进展|处理情况)",
    "下一步(?:是|怎么|做|呢|\\?)",
)
"""How a short message asks for news of what was told us before; the Chinese ones without spaces and simplified."""

_URGENT_PHRASES: Final = """
    danger, dangerous, unsafe, emergency, emergency room, ambulance, hospitalised, hospitalized, in hospital,
    to hospital, to the hospital, injury, injuries, injured, hurt, bleeding, unconscious, fainted, collapsed,
    choking, broken bone, concussion, heart attack, fire, smoke, sparks, explosion, exploded, gas leak,
    leaking gas, smell gas, smell of gas, smells of gas, smells like gas, gas smell, carbon monoxide,
    electric shock, electrocuted,
    short circuit, scalded, flood, flooded, flooding, water leak, burst pipe, trapped, allergic, allergy,
    anaphylaxis, food poisoning, poisoned, poisoning, glass in my food, assault, assaulted, attacked,
    threatened, harassed, harassment, molested, abuse, abused, discrimination, discriminated, racist, racism,
    stolen, theft, robbed, robbery, fraud, scam, scammed, weapon, gun, suicide, kill myself, lawyer, lawyers,
    attorney, solicitor, lawsuit, sue you, will sue, to sue, suing, legal action, in court, to court, police,
    ombudsman, trading standards, journalist, journalists, reporter, newspaper, to the press,
    危险, 救命, 受伤, 受了伤, 伤到, 弄伤, 流血, 出血, 骨折, 摔伤, 烫伤, 烧伤, 割伤, 晕倒, 昏迷, 窒息, 休克,
    被困, 急救, 救护车, 送医, 住院, 起火, 着火, 失火, 火灾, 火警, 冒烟, 爆炸, 漏电, 触电, 短路, 漏水, 漏气,
    煤气味, 煤气泄漏, 燃气泄漏, 瓦斯外泄, 瓦斯味, 一氧化碳, 水浸, 过敏, 中毒, 打人, 被打, 殴打, 威胁, 恐吓,
    骚扰, 猥亵, 歧视, 被偷, 偷窃, 失窃, 被盗, 盗窃, 抢劫, 诈骗, 自杀, 律师, 起诉, 法院, 打官司, 诉讼, 报警,
    报案, 警察, 派出所, 公安, 消协, 消费者协会, 消保, 消基会, 消委会, 12315, 工商局, 市监局, 市场监管, 投诉到,
    媒体, 曝光, 记者, 上新闻, 报社, 爆料
"""
URGENT: Final = tuple(" ".join(phrase.split()) for phrase in _URGENT_PHRASES.split(","))
"""What a person must hear of at once: danger, injury, crime, the law, the press."""

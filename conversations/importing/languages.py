"""Language tags as other programs write them, as BCP 47: `eng`, `zh_cn`, `French (fr)` are `en`, `zh-Hans`, `fr`."""

import re
from typing import Final

_THREE_WORDS: Final = (
    "eng=en fra=fr fre=fr spa=es por=pt deu=de ger=de ita=it rus=ru ara=ar hin=hi ben=bn urd=ur swa=sw kin=rw "
    "lug=lg amh=am som=so hau=ha yor=yo ibo=ig zul=zu xho=xh afr=af nld=nl dut=nl pol=pl ces=cs cze=cs tur=tr "
    "vie=vi tha=th ind=id msa=ms may=ms tgl=tl jpn=ja kor=ko zho=zh chi=zh cmn=zh ukr=uk ron=ro rum=ro ell=el "
    "gre=el heb=he fas=fa per=fa nep=ne mya=my bur=my khm=km lao=lo hun=hu swe=sv nor=no dan=da fin=fi tam=ta "
    "tel=te mar=mr guj=gu pan=pa kan=kn mal=ml sin=si kat=ka geo=ka hye=hy aze=az uzb=uz kaz=kk mon=mn hat=ht "
    "mlg=mg nya=ny sna=sn run=rn lin=ln wol=wo pus=ps kur=ku bul=bg hrv=hr srp=sr slk=sk slv=sl est=et lav=lv "
    "lit=lt cat=ca"
)
_NAMED_WORDS: Final = (
    "english=en french=fr francais=fr français=fr spanish=es espanol=es español=es portuguese=pt português=pt "
    "german=de deutsch=de italian=it italiano=it russian=ru русский=ru arabic=ar العربية=ar hindi=hi "
    "bengali=bn bangla=bn urdu=ur swahili=sw kiswahili=sw kinyarwanda=rw luganda=lg amharic=am somali=so "
    "hausa=ha yoruba=yo igbo=ig zulu=zu xhosa=xh afrikaans=af dutch=nl nederlands=nl polish=pl polski=pl "
    "czech=cs turkish=tr türkçe=tr vietnamese=vi thai=th indonesian=id malay=ms tagalog=tl filipino=tl "
    "japanese=ja 日本語=ja korean=ko 한국어=ko chinese=zh-Hans 中文=zh-Hans 简体中文=zh-Hans 繁體中文=zh-Hant "
    "mandarin=zh-Hans ukrainian=uk romanian=ro greek=el hebrew=he persian=fa farsi=fa nepali=ne burmese=my "
    "khmer=km lao=lo hungarian=hu swedish=sv norwegian=no danish=da finnish=fi tamil=ta telugu=te marathi=mr "
    "gujarati=gu punjabi=pa creole=ht malagasy=mg pashto=ps kurdish=ku bulgarian=bg croatian=hr serbian=sr"
)
_THREE: Final = dict(pair.split("=") for pair in _THREE_WORDS.split())
_NAMED: Final = dict(pair.split("=") for pair in _NAMED_WORDS.split())
_CHINESE: Final = {
    "zh": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-SG": "zh-Hans",
    "zh-TW": "zh-Hant",
    "zh-HK": "zh-Hant",
    "zh-MO": "zh-Hant",
    "zh-Hans-CN": "zh-Hans",
    "zh-Hant-TW": "zh-Hant",
}
_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")


def tag(written: str) -> str | None:
    """Return the BCP 47 tag that a language's code or name means, None when that is not plain."""
    written = written.strip()[:60]
    if inner := re.search(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4}){0,2})\)\s*$", written):
        written = inner[1]
    if named := _NAMED.get(written.lower()):
        return named
    parts = _TAG.fullmatch(written)
    if not parts or (len(parts[1]) == 3 and parts[1].lower() not in _THREE):
        return None
    language = _THREE.get(parts[1].lower(), parts[1].lower())
    script = f"-{parts[2].title()}" if parts[2] else ""
    place = f"-{parts[3].upper()}" if parts[3] else ""
    found = f"{language}{script}{place}"
    return _CHINESE.get(found, found)


def guessed(text: str) -> str:
    """Return the language a text is probably in, by its letters: for files that do not say."""
    for language, signs in _SCRIPTS:
        if signs.search(text):
            return language
    return "en"


_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh-Hans", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0410-\u044f]")),
    ("ar", re.compile("[\u0621-\u064a]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("hi", re.compile("[\u0904-\u0939]")),
    ("th", re.compile("[\u0e01-\u0e3a]")),
    ("el", re.compile("[\u0391-\u03c9]")),
)

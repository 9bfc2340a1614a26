"""The parts of a word processor's file that are the same in every one: types, styles, lists, the footer with its page number."""

TYPES = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FONT = "Times New Roman"  # of official papers, and on every machine; its letters have all the marks of Vietnamese
WORD = f'{TYPES}<w:document xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}">'

CONTENT_TYPES = (
    f'{TYPES}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_ML}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_ML}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_ML}.numbering+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_ML}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
ROOT_RELATIONS = (
    f'{TYPES}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="document" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="core" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
FOOTER = (
    f'{TYPES}<w:ftr xmlns:w="{_MAIN}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    "</w:p></w:ftr>"
)


def _level(kind: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="567" w:hanging="283"/></w:pPr></w:lvl>'
    )


NUMBERING = (
    f'{TYPES}<w:numbering xmlns:w="{_MAIN}">'
    f'<w:abstractNum w:abstractNumId="1">{_level("bullet", "•")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{_level("decimal", "%1.")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>{lists}</w:numbering>'
)


def _style(name: str, said: str, look: str = "", *, letters: str = "", base: str = "Normal") -> str:
    """`look` of the paragraph, `letters` of what stands in it; both in the order that the schema asks for."""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{said}"/><w:basedOn w:val="{base}"/><w:qFormat/>'
        f"<w:pPr>{look}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _heading(level: int, half_points: int, before: int) -> str:
    look = (
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="120"/><w:outlineLvl w:val="{level - 1}"/>'
    )
    return _style(f"Heading{level}", f"heading {level}", look, letters=f'<w:b/><w:sz w:val="{half_points}"/>')


_INDENT = '<w:ind w:left="284"/>'
_RULE = '<w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="AD832B"/></w:pBdr>'
_BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="857B70"/>' for side in ("top", "bottom", "insideH")
)
STYLES = (
    f'{TYPES}<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/><w:sz w:val="26"/>'
    '<w:lang w:val="{language}"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="288" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + _heading(1, 36, 0)
    + _heading(2, 30, 360)
    + _heading(3, 26, 240)
    + _heading(4, 26, 120)
    + _style("BodyText", "Body Text", '<w:jc w:val="both"/>')
    + _style("Meta", "Meta", letters='<w:color w:val="544A42"/><w:sz w:val="22"/>')
    + _style("Quote", "Quote", _INDENT)
    + _style("Answer", "Answer", f'{_RULE}<w:jc w:val="both"/>')
    + _style("Note", "Note", _INDENT, letters='<w:color w:val="854806"/><w:sz w:val="22"/>')
    + _style("Signature", "Signature", '<w:keepNext/><w:keepLines/><w:ind w:left="4536"/><w:jc w:val="center"/>')
    + _style("Caption", "caption", "<w:keepNext/>", letters='<w:b/><w:sz w:val="24"/>')
    + _style("Cell", "Cell", '<w:spacing w:before="40" w:after="40"/>', letters='<w:sz w:val="24"/>')
    + _style("ListBullet", "List Bullet")
    + _style("ListNumber", "List Number")
    + _style("Footer", "footer", '<w:jc w:val="center"/>')
    + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:rPr><w:color w:val="1B4F7D"/><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="table" w:styleId="Lines"><w:name w:val="Lines"/>'
    f"<w:tblPr><w:tblBorders>{_BORDER}</w:tblBorders></w:tblPr></w:style></w:styles>"
)

"""The mark that says a tagged PDF/A is also meant as PDF/UA-1, which the engine cannot set beside PDF/A."""

from io import BytesIO

import pikepdf

NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"

DESCRIPTION = f"""\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>part</pdfaProperty:description>\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfuaid="{NAMESPACE}"><pdfuaid:part>1</pdfuaid:part></rdf:Description>"""


def mark_accessible(pdf: bytes) -> bytes:
    """`pdf` with the PDF/UA-1 mark and, as PDF/A asks, the declaration of its schema.

    Same bytes in, same bytes out. Do it before sealing: any later rewrite breaks the seal.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        metadata = document.Root.Metadata.read_bytes().decode()
        before, end, after = metadata.rpartition("</rdf:RDF>")
        marked = f"{before}{DESCRIPTION}{end}{after}".encode()
        document.Root.Metadata = document.make_stream(marked, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        out = BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()

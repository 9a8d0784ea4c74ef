"""The answer of the servers that mockocr is compared with: always the same 476 bytes."""

ANSWER = (
    '{"Response":{"Name":"李明","Sex":"男","Nation":"汉","Birth":"1987/1/1",'
    '"Address":"河北省石家庄市赵县赵州镇自强路社区石塔路十七号院三号楼一单元九〇室","IdNum":"440524198701010014",'
    '"Authority":"","ValidDate":"","AdvancedInfo":"{\\"Quality\\":87,\\"BorderCodeValue\\":4,'
    '\\"WarnInfos\\":[-9100,-9101,-9102,-9103,-9104,-9105,-9106,-9107],'
    '\\"IdCard\\":\\"\\",\\"Portrait\\":\\"\\"}","ReflectDetailInfos":[],'
    '"RequestId":"0b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}}'
).encode()
"""As long as an answer of IDCardOCR."""

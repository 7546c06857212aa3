"""Common Vietnamese words, and the vowel groups a syllable can have: what tells a right decoding from a wrong one."""

from __future__ import annotations

import re
import unicodedata

_COMMON = """
nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương đinh lâm phùng
mai tô tạ chu châu hà hứa thái tống triệu tăng quách văn thị đức minh hùng dũng cường tuấn anh hải sơn thắng
thành trung quang phúc phước lộc thọ khánh long hưng thịnh nam bình hòa hoà an yên yến nga hạnh hiền hương
hường hồng huệ lan liên loan mỹ ngọc nhung oanh phương phượng quỳnh tâm thảo thanh thu thủy thuỷ thúy thuý
trang trinh tú tuyết uyên vân vy xuân đạt định đông giang huy khoa kiên linh luân mạnh nhân nhật quân quốc
quý tài tân tiến toàn trí trọng trường tùng vinh việt vĩnh công dân cúc diễm dung duyên đăng độ hậu hiếu hoài
bảo bích cẩm chí chiến đại điệp gia hạ hoa hội hợp huyền khải kiều kim lệ lợi lương mẫn nghĩa nhã như nữ
phong phụng sang sinh sáng thạch thêm thế thiện thoa thơ thư thuận thùy thuỳ tiên tín tình toán trâm trân
triển trực trúc tường ước vượng xuyến ý có không đúng sai đã đang được chưa trả kết quả xử tiếp nhận từ chối
bổ sung yêu cầu giấy tờ hồ sơ công dân rút dừng mới đăng ký thủ tục hành chính cơ quan đơn vị lĩnh vực tên mã
số ngày tháng năm giờ phút hẹn nộp phí lệ đồng trực tuyến bưu điện tử thanh toán sử dụng dữ liệu dân cư
ủy uỷ ban nhân dân ubnd tỉnh thành phố huyện quận thị xã phường thôn xóm tổ bản ấp khu phố đường ngõ ngách
sở tư pháp nội vụ tài chính y tế giáo dục xây dựng đất đai nông nghiệp môi trường công thương khoa học văn hóa
thể thao du lịch lao động thương binh xã hội kế hoạch đầu tư giao thông vận tải thông tin truyền thanh tra
trung tâm phục vụ bộ phận một cửa văn phòng chủ tịch giám đốc trưởng phòng chuyên viên cán bộ người lập biểu
báo cáo danh sách tổng cộng kiểm soát tình hình giải quyết thời điểm xuất đến trước sau trong ngoài về việc
khai sinh khai tử kết hôn nhận cha mẹ con nuôi giám hộ hộ tịch trích lục bản sao chứng thực xác nhận độc thân
cấp đổi lại gia hạn phép nhà ở riêng lẻ kinh doanh chứng chỉ nghề dược lý lịch biến động quyền sở hữu tài sản
mai táng trợ thường trú tạm trú bảo hiểm bệnh già tai nạn chết mất nguyên nhân nơi quê quán dân tộc quốc tịch
kinh tày thái mường nùng dao nam nữ giới tính họ chữ đệm chồng vợ ông bà anh chị em bố cháu quyển trang sổ
loại nguồn trạng thái cập nhật duyệt chờ hủy huỷ hợp lệ thiếu sai lệch điều chỉnh cải chính gốc chính thức
hài lòng rất bình thường phản ánh kiến nghị nội dung ý quy định hành vi hạn quá muộn sớm gọi điện bước
chuyển phối hợp lãnh đạo ký phát hành lưu trữ quầy giao dịch thất bại thẩm quyền thuộc thêm ảnh chân dung
bắc giang ninh hà nội hồ chí minh đà nẵng hải phòng cần thơ huế quảng trị nam ngãi định phú thọ yên hòa lạng
sơn cao bằng tuyên quang lào cai điện biên lai châu thái nguyên vĩnh phúc hưng dương nghệ thanh hóa tĩnh bình
thuận khánh gia lai đắk lắk nông lâm đồng tây long tiền bến tre trà vinh hậu sóc trăng bạc liêu cà mau kiên
và của các những cho với là này đó khi nếu thì mà vào ra lên xuống tại bởi do đối theo như vẫn cũng đều mỗi
"""

COMMON_WORDS: frozenset[str] = frozenset(unicodedata.normalize("NFC", _COMMON).split())
"""Lower-case words of administration, everyday names and places; enough to tell character sets apart."""

_VOWEL_GROUPS = """
a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iu oa oă oe oi oo ôi ơi ua uâ uê ui uô uơ uy ưa ưi ươ ưu yê ya
yu iêu oai oao oay oeo uao uây uôi uya uyê uyu ươi ươu yêu ue uă uai uay ueo iâ iây iơ iơi ioi iao iai iau iay iâu iă
iưa iươ iươi iư io iô iôi ie ieo ưo iuô
"""
_NUCLEI = frozenset(_VOWEL_GROUPS.split())
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzăâđêôơư")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_VOWEL_RUN = re.compile("[aăâeêioôơuưy]+")


def is_plausible(word: str) -> bool:
    """Whether ``word`` (lower case, NFC) is spelled with Vietnamese letters in groups that Vietnamese has.

    Consonants are not judged: names and abbreviations may hold any.
    """
    plain_letters: list[str] = []
    tones = 0
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tones += 1
            plain_letters.append("'")
        else:
            plain_letters.append(char)
    base = unicodedata.normalize("NFC", "".join(plain_letters).replace("'", ""))
    if not set(base) <= _LETTERS:
        return False
    runs = _VOWEL_RUN.findall(base)
    return tones <= len(runs) and all(run in _NUCLEI for run in runs)

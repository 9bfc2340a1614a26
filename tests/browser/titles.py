"""Titles of questions, one for each that is asked."""

from random import Random

# Unlike one another: what resembles an earlier question is not sent at the first press.
TITLES = (
    "Công ty nợ tiền thì người lao động có chốt sổ được không?",
    "Nghỉ ốm dài ngày được hưởng mấy phần lương?",
    "Vợ sinh đôi, chồng được nghỉ thêm bao nhiêu hôm?",
    "Làm hai nơi thì nộp ở đâu?",
    "Thợ hồ tự do muốn tham gia tự nguyện phải mang giấy gì?",
    "Tai nạn trên đường về nhà có tính là tai nạn lao động?",
    "Mẹ tôi mất, tiền tuất một lần chia thế nào?",
    "Giáo viên mầm non nghỉ hưu trước tuổi ra sao?",
    "Đi xuất khẩu lao động về, quãng trống có cộng dồn?",
    "Sai ngày sinh trên hồ sơ cũ, sửa lại bằng cách nào?",
    "Bệnh nghề nghiệp bụi phổi giám định ở bệnh viện nào?",
    "Trợ cấp thất nghiệp tháng đầu bị trễ, hỏi ai?",
    "Bộ đội phục viên chưa nhận khoản nào, nay còn kịp?",
    "Hợp đồng thử việc hai tháng có phải đóng gì chưa?",
    "Ủy quyền cho con lĩnh hộ lương hưu cần công chứng chăng?",
    "Mức trần tiền đóng năm tới là bao nhiêu?",
    "Chuyển khoản qua ngân hàng nào cũng nhận được chứ?",
    "Sảy thai tuần thứ mười, nghỉ dưỡng sức mấy ngày?",
    "Hộ kinh doanh cá thể, chủ hộ bắt buộc tham gia từ bao giờ?",
    "Ứng dụng VssID báo lỗi khuôn mặt khi đăng ký, xử lý sao?",
    "Nuôi con nuôi sơ sinh có chế độ gì?",
    "Người khuyết tật đi làm được giảm tỷ lệ nào?",
    "Điều chỉnh lương hưu tháng bảy áp dụng cho ai?",
    "Con dưới ba tuổi ốm, bố xin nghỉ thay được chăng?",
    "Thôi việc giữa chừng, giấy xác nhận do ai cấp?",
    "Phí giám định lại thương tật ai trả?",
    "Nghỉ không lương ba tháng, thẻ khám bệnh còn dùng chứ?",
    "Khai man tuổi để vào làm, giờ đính chính thế nào?",
    "Doanh nghiệp giải thể, giấy tờ gốc nằm chỗ nào?",
    "Tôi hai sổ, muốn gộp thành một!",
    "Cán bộ không chuyên trách ở thôn được chế độ hưu trí?",
    "Quân nhân dự bị tập trung huấn luyện, ai trả công?",
    "Đình công hợp pháp có bị gián đoạn đóng nộp?",
    "Giúp việc gia đình theo tháng, chủ nhà phải làm gì?",
    "Nhận lương bằng ngoại tệ quy đổi theo tỷ giá nào?",
    "Hưởng mai táng phí cần bản sao giấy báo tử?",
    "Thủy thủ tàu viễn dương tính công tác thế nào?",
    "Đóng bù quãng bỏ trống từ thập niên chín mươi?",
    "Nghệ nhân dân gian già yếu có khoản hỗ trợ gì?",
    "Xã viên hợp tác cũ còn hồ sơ gốc thì làm sao?",
    "Bảo mẫu trông trẻ tư nhân tự khai mức thu nhập?",
    "Diêm dân mất mùa có tạm dừng nộp được không?",
)
WORDS = sorted({word.strip(",?!") for title in TITLES for word in title.split()})


def of(number: int) -> str:
    """When the written ones are used up, their words in another order: senseless, and unlike any other."""
    if number <= len(TITLES):
        return TITLES[number - 1]
    return " ".join(Random(number).sample(WORDS, 10)).capitalize() + "?"

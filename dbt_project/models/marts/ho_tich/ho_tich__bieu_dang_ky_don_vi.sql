{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_don_vi(
    dem_dang_ky('r.ma_don_vi'), cot_dang_ky(), ty_le('d.dung_han', 'd.dung_han_mau_so') ~ ' as ty_le_dung_han, '
    ~ nhan_danh_muc('loai_so', 'd.loai_so') ~ ' as loai_so_ten', ['loai_so'], 'ho_tich__don_vi'
) }}

{#- Metrics of targets that are counted from other tables than dossiers, by source. `dem`: the CTE of dieu_hanh__chi_tieu with rows by
    window (`dau_ky`, `cuoi_ky`); `tep`: the feed without whose file a month is unknown (none: the table itself has no row then);
    `cap`: the level of a row, its own or that of its agency today (`v`); `ca_tinh`: rows that add up to the province's figure;
    `khong`: of a known agency without a row the count is 0. `so`: metric → what of a row adds up to it, and its base. Adding a metric
    is a line here, and `nguon_mart` in the seed chi_tieu. -#}
{% macro nguon_chi_tieu_khac() -%}
{%- set an_toan = 'd.an_toan_thong_tin' -%}
{%- set mooc = 'd.mooc' -%}
{{ return([
    {
        'dem': 'dem_danh_gia', 'tep': 'dvc/danh_gia', 'cap': 'v.cap',
        'so': {
            'satisfaction_tthc_rate': ['d.hai_long', 'd.hai_long + d.binh_thuong + d.khong_hai_long'],
        },
    },
    {
        'dem': 'dem_pakn_thang', 'tep': 'dvc/pakn', 'cap': 'v.cap',
        'so': {
            'satisfaction_feedback_rate': ['d.hai_long', 'd.co_danh_gia'],
        },
    },
    {
        'dem': 'dem_pakn', 'tep': 'dvc/pakn', 'cap': 'd.cap', 'khong': true,
        'so': {
            'feedback_new': ['d.tiep_nhan'],
            'feedback_on_regulation': [neu("d.loai = 'quy_dinh'", 'd.tiep_nhan')],
            'feedback_on_behaviour': [neu("d.loai = 'hanh_vi'", 'd.tiep_nhan')],
            'feedback_carried_over': ['d.ky_truoc'],
            'feedback_resolved': ['d.da_xu_ly'],
            'feedback_resolved_public': ['d.cong_khai'],
            'feedback_pending': ['d.dang_xu_ly'],
        },
    },
    {
        'dem': 'dem_danh_muc', 'cap': 'd.cap',
        'so': {
            'tthc_total': [thu_tuc()],
            'tthc_by_level': [thu_tuc()],
            'tthc_central_regulated': [thu_tuc("d.nguon = 'trung_uong'")],
            'tthc_local_regulated': [thu_tuc("d.nguon = 'dia_phuong'")],
            'tthc_onestop': [thu_tuc('d.mot_cua')],
            'tthc_onestop_rate': [thu_tuc('d.mot_cua'), thu_tuc()],
            'tthc_not_onestop': [thu_tuc('not d.mot_cua')],
            'tthc_not_onestop_rate': [thu_tuc('not d.mot_cua'), thu_tuc()],
            'tthc_five_step': [thu_tuc('d.nam_buoc')],
            'paperless_services': [thu_tuc('d.khong_giay')],
            'essential_services': [thu_tuc('d.thiet_yeu')],
            'online_services': [thu_tuc("d.muc_do_dvc in ('toan_trinh', 'mot_phan')")],
            'online_services_full': [thu_tuc("d.muc_do_dvc = 'toan_trinh'")],
            'online_services_partial': [thu_tuc("d.muc_do_dvc = 'mot_phan'")],
            'internal_tthc_published': ['case when d.noi_bo then 1 when not d.noi_bo then 0 end'],
        },
    },
    {
        'dem': 'dem_cong_bo', 'cap': 'd.cap',
        'so': {
            'tthc_published': ['d.cong_bo'],
            'tthc_made_public': ['d.cong_khai'],
        },
    },
    {
        'dem': 'dem_dao_tao', 'tep': 'dao_tao/ket_qua', 'cap': 'v.cap',
        'so': {
            'security_course_accounts': [neu(an_toan, 'd.dang_ky', 'null')],
            'security_course_activated': [neu(an_toan, 'd.kich_hoat', 'null')],
            'security_course_activation_rate': [neu(an_toan, 'd.kich_hoat', 'null'), neu(an_toan, 'd.dang_ky', 'null')],
            'security_course_completed': [neu(an_toan, 'd.hoan_thanh', 'null')],
            'security_course_completion_rate': [neu(an_toan, 'd.hoan_thanh', 'null'), neu(an_toan, 'd.dang_ky', 'null')],
            'security_course_certified': [neu(an_toan, 'd.chung_chi', 'null')],
            'security_course_certified_rate': [neu(an_toan, 'd.chung_chi', 'null'), neu(an_toan, 'd.dang_ky', 'null')],
            'mooc_accounts': [neu(mooc, 'd.dang_ky', 'null')],
            'mooc_activated': [neu(mooc, 'd.kich_hoat', 'null')],
            'mooc_activation_rate': [neu(mooc, 'd.kich_hoat', 'null'), neu(mooc, 'd.dang_ky', 'null')],
            'mooc_completed': [neu(mooc, 'd.hoan_thanh', 'null')],
            'mooc_completion_rate': [neu(mooc, 'd.hoan_thanh', 'null'), neu(mooc, 'd.dang_ky', 'null')],
            'mooc_exempted': [neu(mooc, 'd.giam_tru', 'null')],
        },
    },
    {
        'dem': 'dem_so_hoa', 'tep': 'ho_tich/so_hoa', 'cap': 'v.cap',
        'so': {
            'civil_registry_digitisation_rate': ['d.da_phe_duyet', 'd.so_truong_hop'],
        },
    },
    {
        'dem': 'dem_766', 'cap': neu('not d.la_toan_tinh', 'd.cap', 'null'), 'ca_tinh': 'd.la_toan_tinh',
        'so': {
            'index766_progress_rate': [chi_so('2.1', 'd.tu_so'), chi_so('2.1', 'd.mau_so')],
            'index766_online_submission_rate': [chi_so('3.3', 'd.tu_so'), chi_so('3.3', 'd.mau_so')],
            'tthc_with_payment_transaction_rate': [chi_so('3.5b', 'd.tu_so'), chi_so('3.5b', 'd.mau_so')],
            'tthc_fee_on_national_portal_rate': [chi_so('3.5', 'd.tu_so'), chi_so('3.5', 'd.mau_so')],
            'tthc_fee_not_integrated_rate': [chi_so('3.5', 'd.mau_so - d.tu_so'), chi_so('3.5', 'd.mau_so')],
        },
    },
    {
        'dem': 'dem_diem_766', 'cap': 'cast(null as varchar)', 'ca_tinh': 'd.la_toan_tinh',
        'so': {
            'index766_transparency': [diem_nhom('cong_khai')],
            'index766_progress': [diem_nhom('tien_do')],
            'index766_online_services': [diem_nhom('truc_tuyen')],
            'index766_payment': [diem_nhom('thanh_toan')],
            'index766_digitisation': [diem_nhom('so_hoa')],
            'index766_satisfaction': [diem_nhom('hai_long')],
            'index766_rank': [diem_nhom('tong', 'd.xep_hang_cong_qg')],
        },
    },
]) }}
{%- endmacro %}

{#- What of a row adds up to a metric: `x` of the rows in question, else `khac`. -#}
{% macro neu(dieu_kien, x, khac='0') %}{{ return("case when " ~ dieu_kien ~ " then " ~ x ~ " else " ~ khac ~ " end") }}{% endmacro %}

{#- 1 of a procedure with a mark, 0 without; those between agencies are no citizen's (reports count them apart), and where no procedure
    says yes or no the count is unknown. -#}
{% macro thu_tuc(dau='true') -%}
{{ return("case when d.noi_bo then null when " ~ dau ~ " then 1 when not (" ~ dau ~ ") then 0 end") }}
{%- endmacro %}

{% macro chi_so(ma, x) %}{{ return(neu("d.ma_chi_so = '" ~ ma ~ "'", x, 'null')) }}{% endmacro %}

{% macro diem_nhom(nhom, x='d.diem_cong_qg') %}{{ return(neu("d.nhom = '" ~ nhom ~ "'", x, 'null')) }}{% endmacro %}

{#- The metrics as a list of SQL texts: of the source named `dem`, or of all. -#}
{% macro cac_chi_tieu_khac(dem=none) -%}
{%- set ma = [] -%}
{%- for n in nguon_chi_tieu_khac() if dem is none or n.dem == dem -%}
{%- do ma.extend(n.so.keys()) -%}
{%- endfor -%}
('{{ ma | join("', '") }}')
{%- endmacro %}

{#- Of a metric the `truong` of its source (dem, tep) as a text, or whether a missing row is 0; null of a metric that has no source. -#}
{% macro cua_nguon_khac(chi_tieu, truong) -%}
case
    {% for n in nguon_chi_tieu_khac() if n[truong] -%}
    when {{ chi_tieu }} in {{ cac_chi_tieu_khac(n.dem) }} then {{ 'true' if n[truong] is true else "'" ~ n[truong] ~ "'" }}
    {% endfor -%}
end
{%- endmacro %}

{#- Sum over rows of a source that are a metric's count (`phan` 0) or base (1). -#}
{% macro tong_chi_tieu_khac(nguon, chi_tieu, phan) -%}
{%- set cac = [] -%}
{%- for ma, so in nguon.so.items() if so | length > phan -%}
{%- do cac.append("when '" ~ ma ~ "' then " ~ so[phan]) -%}
{%- endfor -%}
{%- if cac -%}
sum(cast(case {{ chi_tieu }} {{ cac | join(' ') }} end as double))
{%- else -%}
cast(null as double)
{%- endif -%}
{%- endmacro %}

{#- Windows of the targets whose metrics a source counts, as `w`: `den`, the day as of which a state is told. -#}
{% macro ky_cua_nguon(dem) -%}
(
    select distinct
        y.dau_ky,
        y.cuoi_ky,
        y.ky,
        y.den
    from ky_khac as y
    where y.dem = '{{ dem }}'
) as w
{%- endmacro %}

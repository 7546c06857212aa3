-- Counts of all groups.
{{ config(materialized='view') }}
{{ gop_nhom_766('int_chi_so_766__dem_', [
    'ky', 'cach_dem', 'pham_vi', 'loai_doi_tuong', 'ma_don_vi', 'ma_tthc', 'tu_so', 'mau_so',
]) }}

{{ config(materialized='ham', tham_so=['van_ban']) }}
select {{ khong_dau('van_ban') }} as khong_dau

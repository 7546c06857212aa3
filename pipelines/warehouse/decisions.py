"""What was decided for the publication that is asked: ``van_hanh.xuat_ban`` tells of every one since the first."""

from __future__ import annotations

DECISIONS = "(FROM van_hanh.xuat_ban WHERE so_lan IS NOT DISTINCT FROM (SELECT max(so_lan) FROM van_hanh.xuat_ban))"
"""Its rows, one a mart group."""
PUBLICATION = f"SELECT ngay_so_lieu, phien_ban FROM {DECISIONS} ORDER BY trang_thai <> 'moi', nhom_mart LIMIT 1"
"""As-of day and id: those of a group that was published anew, where there is one."""

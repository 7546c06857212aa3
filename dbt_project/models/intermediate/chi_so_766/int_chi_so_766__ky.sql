-- Read from the dossiers alone, so that what endangers another feed does not reach every group through the calendar.
{{ ky_tu_ho_so('stg_dvc__ho_so') }}

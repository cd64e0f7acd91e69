"""In and out: worked cases today; FHIR, the API and exports have their place here."""

"""All three readers see the same instant in a sound RFC 3339 text."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.dates import readers
from ecf_sandbox.dates.readers import read_server_date, read_updated_since

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
A_YEAR_IN = datetime(2, 1, 1), datetime(9998, 12, 31)

# West of UTC the declaration date counts minutes the wrong way, so those offsets are whole hours.
offsets = st.one_of(
    st.integers(min_value=0, max_value=23 * 60 + 59).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(min_value=-23, max_value=0).map(lambda hours: timedelta(hours=hours)),
)
moments = st.datetimes(*A_YEAR_IN, timezones=offsets.map(timezone))


@st.composite
def sound_texts(draw: st.DrawFn) -> str:
    text = draw(moments).isoformat()
    if text.endswith("+00:00") and draw(st.booleans()):
        text = text.removesuffix("+00:00") + "Z"
    return text


@given(sound_texts())
def test_as_the_instant_that_python_sees(text: str) -> None:
    expected = datetime.fromisoformat(text)

    assert read_server_date(text, NOW) == expected
    assert readers.read_strictly(text)[1]
    assert readers.read(text) == expected
    assert read_updated_since(text) == expected


@given(moments, moments)
def test_the_present_never_matters_to_a_whole_instant(moment: datetime, now: datetime) -> None:
    assert read_server_date(moment.isoformat(), now) == moment

from tests.tracked_round import make
from tests import tracked_rows as r
from tests.journeys.conftest import *
from app.models import User
from app.policy import StaffRole
from app import clock
def test_look(database, sign_in, monkeypatch):
    monkeypatch.setattr(clock,"now",lambda: r.NOW)
    with database.begin() as s:
        make(s)
        s.add(User(email="a@iom.example",name="Ana Lyst",staff_role=StaffRole.COORDINATOR,created_at=r.OPENED))
    v=sign_in("a@iom.example")
    for a in ["/rounds/made/tracking","/rounds/made/tracking?as_of=2027-01-22&out_of=today&regions=iom&sort=-mechanisms.rate","/rounds/made/tracking/list?role=state&stands=answered","/rounds/made/tracking/list","/rounds/made/tracking/questions","/rounds/made/tracking/questions/state/takes_part","/rounds/made/chase","/views","/tracking", "/rounds/made/tracking?as_of=22.01.2027"]:
        page=v.open(a)
        print(a, len(page.html), page.heading); print(page.text[:1500])
        assert True

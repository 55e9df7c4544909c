"""How Connect shows feed elements, people and records: alphabetical keys, instants with `Z` (facts on REST §8.1)."""

from datetime import datetime
from typing import Any

from mocksf.moments import datetime_text
from mocksf.rest.session import Call, Session

_CLIENT = {"applicationName": "mocksf", "applicationUrl": None}


def feed_element(session: Session, call: Call, item_id: str, segments: list[dict[str, Any]]) -> dict[str, Any]:
    """A feed item as Connect shows it."""
    row = session.org.store.fetch(session.org.schema["FeedItem"], item_id) or {}
    root = f"/services/data/v{call.version}/chatter"
    created = _instant(row.get("CreatedDate"))
    author = user_summary(session, call, row.get("CreatedById") or session.user_id)
    return {
        "actor": author,
        "body": {"isRichText": False, "messageSegments": segments, "text": row.get("Body") or ""},
        "capabilities": _capabilities(f"{root}/feed-elements/{item_id}/capabilities"),
        "clientInfo": _CLIENT,
        "createdDate": created,
        "event": False,
        "feedElementType": "FeedItem",
        "hasVerifiedComment": False,
        "header": _header(author),
        "id": item_id,
        "isDeleteRestricted": False,
        "isSharable": True,
        "modifiedDate": _instant(row.get("LastModifiedDate")),
        "originalFeedItem": None,
        "originalFeedItemActor": None,
        "parent": _parent(session, call, row.get("ParentId") or session.user_id),
        "photoUrl": author["photo"]["smallPhotoUrl"],
        "relativeCreatedDate": _relative(session.now),
        "type": row.get("Type"),
        "url": f"{root}/feed-elements/{item_id}",
        "visibility": "AllUsers",
    }


def _header(author: dict[str, Any]) -> dict[str, Any]:
    link = {
        "motif": author["motif"],
        "reference": {"id": author["id"], "url": author["url"]},
        "text": author["name"],
        "type": "EntityLink",
    }
    return {"isRichText": None, "messageSegments": [link], "text": author["name"]}


def _capabilities(url: str) -> dict[str, Any]:
    return {
        "associatedActions": {"platformActionGroups": []},
        "bookmarks": {"isBookmarkedByCurrentUser": False},
        "chatterLikes": {
            "isLikedByCurrentUser": False,
            "likesMessage": None,
            "myLike": None,
            "page": _empty_page(f"{url}/chatter-likes/items"),
        },
        "close": {"canContextUserUpdateIsClosed": True, "isClosed": False},
        "comments": {"page": _empty_page(f"{url}/comments/items")},
        "edit": {
            "isEditRestricted": False,
            "isEditableByMeUrl": f"{url}/edit/is-editable-by-me",
            "lastEditedBy": None,
            "lastEditedDate": None,
            "latestRevision": 1,
            "relativeLastEditedDate": None,
        },
        "interactions": {"count": 0},
        "mute": {"isMutedByMe": False},
        "readBy": {"isReadByMe": True, "lastReadDateByMe": None, "page": _empty_page(f"{url}/read-by/items")},
        "status": {"feedEntityStatus": "Published", "isApprovableByMe": True},
        "topics": {"canAssignTopics": True, "items": []},
        "upDownVote": {"downVoteCount": 0, "myVote": "None", "upVoteCount": 0},
    }


def _empty_page(url: str) -> dict[str, Any]:
    return {
        "currentPageToken": 0,
        "currentPageUrl": url,
        "items": [],
        "nextPageToken": None,
        "nextPageUrl": None,
        "previousPageToken": None,
        "previousPageUrl": None,
        "total": 0,
    }


def user_summary(session: Session, call: Call, user_id: str) -> dict[str, Any]:
    """A person as Connect shows one inside other things."""
    row = session.org.store.fetch(session.org.schema["User"], user_id) or {}
    photos = f"{session.base_url}/profilephoto/005"
    return {
        "additionalLabel": None,
        "communityNickname": row.get("CommunityNickname"),
        "companyName": row.get("CompanyName"),
        "displayName": row.get("Name"),
        "firstName": row.get("FirstName"),
        "id": user_id,
        "isActive": bool(row.get("IsActive")),
        "isInThisCommunity": True,
        "lastName": row.get("LastName"),
        "motif": _motif("profile"),
        "mySubscription": None,
        "name": row.get("Name"),
        "outOfOffice": {"message": ""},
        "photo": {
            "fullEmailPhotoUrl": f"{photos}/F",
            "largePhotoUrl": f"{photos}/F",
            "mediumPhotoUrl": f"{photos}/M",
            "photoVersionId": None,
            "smallPhotoUrl": f"{photos}/T",
            "standardEmailPhotoUrl": f"{photos}/T",
            "url": f"/services/data/v{call.version}/connect/user-profiles/{user_id}/photo",
        },
        "reputation": None,
        "title": row.get("Title"),
        "type": "User",
        "url": f"/services/data/v{call.version}/chatter/users/{user_id}",
        "userType": "Internal",
    }


def user_detail(session: Session, call: Call, user_id: str) -> dict[str, Any]:
    """A person as Connect shows one alone."""
    row = session.org.store.fetch(session.org.schema["User"], user_id) or {}
    more = {"email": row.get("Email"), "username": row.get("Username"), "isChatterGuest": False}
    return dict(sorted((user_summary(session, call, user_id) | more).items()))


def _parent(session: Session, call: Call, parent_id: str) -> dict[str, Any]:
    """What a feed element was posted on: a person, or a record in short."""
    kind = session.org.schema.of_id(parent_id)
    if kind is None or kind.name == "User":
        return user_summary(session, call, parent_id)
    row = session.org.store.fetch(kind, parent_id) or {}
    name = kind.name_field
    return {
        "id": parent_id,
        "motif": _motif(kind.name.lower()),
        "mySubscription": None,
        "name": row.get(name.name) if name is not None else None,
        "type": kind.name,
        "url": f"/services/data/v{call.version}/chatter/records/{parent_id}",
    }


def _motif(icon: str) -> dict[str, Any]:
    return {
        "color": "65CAE4",
        "largeIconUrl": f"/img/icon/{icon}64.png",
        "mediumIconUrl": f"/img/icon/{icon}32.png",
        "smallIconUrl": f"/img/icon/{icon}16.png",
        "svgIconUrl": None,
    }


def _instant(stored: int | None) -> str:
    return datetime_text(stored or 0).replace("+0000", "Z")


def _relative(now: datetime) -> str:
    return f"{now:%B} {now.day}, {now.year} at {now:%I:%M %p}".replace("at 0", "at ")

namespace WeCan.Controller.Service;

/// <summary>Why a controller turned somebody away; as words these are a label of a metric.</summary>
internal enum RefusalReason
{
    /// <summary>What was asked could not be read, or is no request at all.</summary>
    Malformed,

    /// <summary>An enrolment's token, keys or role do not let the node in.</summary>
    NotAllowed,

    /// <summary>The store could not keep it.</summary>
    Store,

    /// <summary>A connection's certificate is not taken.</summary>
    Certificate,

    /// <summary>A session of somebody who is no member, or none any more.</summary>
    NotAMember,

    /// <summary>A session of another network or of another version.</summary>
    OtherNetwork,

    /// <summary>A session whose node has a newer one, or a later life.</summary>
    Superseded,

    /// <summary>A session that asked or said too much.</summary>
    TooMuch,
}

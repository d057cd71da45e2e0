namespace WeCan.Controller.Routing.Graph;

/// <summary>What a direction of a link costs each class beyond what is paid for, in microseconds; and what that is, in kbit/s.</summary>
internal sealed record LinkPrice(int Paid, int[] Costs);
